// Login, then the account.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 2, iterations: 4 };

export default function () {
  const login = http.post(`${base}/login`, JSON.stringify({ user: 'ann', password: 'secret-a' }));
  const headers = { Authorization: `Bearer ${login.json('token')}` };
  const account = http.get(`${base}/account`, { headers });
  check(account, { 'is ann': (r) => r.json('user') === 'ann' });
}
