// A host that does not answer is a response with an error.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get('http://127.0.0.1:1/');
  check(res, {
    'status 0': (r) => r.status === 0,
    'dial error': (r) => r.error_code === 1212,
    'error says so': (r) => r.error.includes('connection refused'),
    'body is null': (r) => r.body === null,
  });
}
