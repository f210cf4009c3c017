// Failed requests throw where the options say so.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export const options = { throw: true };

export default function () {
  let caught = '';
  try {
    http.get('http://127.0.0.1:1/');
  } catch (error) {
    caught = String(error);
  }
  check(caught, { 'was thrown': (text) => text.includes('connection refused') });
  http.get(`${__ENV.BASE_URL}/health`);
}
