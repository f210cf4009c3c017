// What takes too long fails by its own limit.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/slow/5000`, { timeout: '100ms' });
  check(res, { 'no status': (r) => r.status === 0, 'code of a timeout': (r) => r.error_code === 1050 });
}
