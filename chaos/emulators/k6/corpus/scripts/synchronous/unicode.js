// Texts beyond ASCII, both ways.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  check(http.get(`${__ENV.BASE_URL}/text`), { 'text is read': (r) => r.body === 'grüße, 世界' });
  const res = http.post(`${__ENV.BASE_URL}/echo`, 'ÄÖÜ 🎉');
  check(res, { 'text is sent': (r) => r.json('body') === 'ÄÖÜ 🎉' && r.json('bytes') === 11 });
}
