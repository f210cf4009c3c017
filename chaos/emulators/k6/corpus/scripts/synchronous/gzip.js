// Packed answers and packed bodies.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/gzip`, { headers: { 'Accept-Encoding': 'gzip' } });
  check(res, { unpacked: (r) => r.json('packed') === true });
  const sent = http.post(`${__ENV.BASE_URL}/echo`, 'x'.repeat(2000), { compression: 'gzip' });
  check(sent, {
    'sent packed': (r) => r.json('headers.content-encoding') === 'gzip' && r.json('bytes') < 200,
  });
}
