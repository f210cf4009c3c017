// Methods that are rare.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  check(http.options(`${__ENV.BASE_URL}/echo`), { options: (r) => r.json('method') === 'OPTIONS' });
  check(http.head(`${__ENV.BASE_URL}/health`), { 'head has no body': (r) => r.status === 200 && !r.body });
  check(http.request('SEARCH', `${__ENV.BASE_URL}/echo`, 'what'), {
    'by name': (r) => r.json('method') === 'SEARCH',
  });
}
