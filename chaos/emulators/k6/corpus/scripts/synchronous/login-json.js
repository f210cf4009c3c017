// Logs in with JSON and reads the account with the token.
// requests: 6
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 3, iterations: 3, thresholds: { checks: ['rate>0.99'] } };
const base = __ENV.BASE_URL;

export default function () {
  const payload = JSON.stringify({ user: 'ann', password: 'secret-a' });
  const login = http.post(`${base}/login`, payload, { headers: { 'Content-Type': 'application/json' } });
  check(login, { 'logged in': (r) => r.status === 200 && r.json('token') !== '' });
  const token = login.json('token');
  const account = http.get(`${base}/account`, { headers: { Authorization: `Bearer ${token}` } });
  check(account, { 'is ann': (r) => r.json().user === 'ann' });
}
