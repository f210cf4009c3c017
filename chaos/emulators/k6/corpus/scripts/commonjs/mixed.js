// An ES module that also requires.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';
import login from './lib/login.js';

export default function () {
  check(login.login({ user: 'ann', password: 'secret-a' }), { 'by import': (r) => r.status === 200 });
  check(http.get(`${__ENV.BASE_URL}/health`), { up: (r) => r.status === 200 });
}
