// Logs in with a form; the cookie of the session goes along by itself.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const login = http.post(`${__ENV.BASE_URL}/login`, { user: 'bob', password: 'secret-b' });
  check(login, {
    'has session cookie': (r) =>
      r.cookies.session !== undefined && r.cookies.session[0].value === 'token-of-bob',
    'cookie is HttpOnly': (r) => r.cookies.session[0].http_only === true,
  });
  const account = http.get(`${__ENV.BASE_URL}/account`);
  check(account, { 'is bob': (r) => r.json('user') === 'bob' });
}
