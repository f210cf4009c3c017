// The first answer is a challenge.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const url = `${__ENV.BASE_URL}/digest`.replace('://', '://ann:secret-a@');
  check(http.get(url, { auth: 'digest' }), { 'digest accepted': (r) => r.json('digest') === true });
}
