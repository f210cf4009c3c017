// A form by hand and by object.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const byObject = http.post(`${__ENV.BASE_URL}/form`, { csrf: 'c5rf', query: 'a&b', size: 's' });
  check(byObject, { 'object is encoded': (r) => r.body.includes('a&b in s') });
  const byHand = http.post(`${__ENV.BASE_URL}/form`, 'csrf=c5rf&query=plain&size=l', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  check(byHand, { 'text as it is': (r) => r.body.includes('plain in l') });
}
