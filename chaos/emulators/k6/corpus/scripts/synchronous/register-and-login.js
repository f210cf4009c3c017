// Every VU makes an account of its own.
// requests: 6
import http from 'k6/http';
import { check, group } from 'k6';
import { randomString } from './lib/random.js';

export const options = { vus: 3, iterations: 3 };

export default function () {
  const user = `user-${randomString(10)}-${__VU}`;
  group('sign up', () => {
    const res = http.post(`${__ENV.BASE_URL}/register`, JSON.stringify({ user, password: 'pw' }));
    check(res, { created: (r) => r.status === 201 });
  });
  group('sign in', () => {
    const res = http.post(`${__ENV.BASE_URL}/login`, JSON.stringify({ user, password: 'pw' }));
    check(res, { 'signed in': (r) => r.status === 200 });
  });
}
