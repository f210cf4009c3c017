// All that an answer tells.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.post(`${__ENV.BASE_URL}/echo?x=1`, 'hi');
  check(res, {
    proto: (r) => r.proto === 'HTTP/1.1',
    'status text': (r) => r.status_text === '200 OK',
    'remote address': (r) => r.remote_ip === '127.0.0.1' && r.remote_port > 0,
    'request method': (r) => r.request.method === 'POST',
    'request body': (r) => r.request.body === 'hi',
    timings: (r) => r.timings.duration >= r.timings.waiting && r.timings.duration > 0,
    'no error': (r) => r.error === '' && r.error_code === 0,
  });
}
