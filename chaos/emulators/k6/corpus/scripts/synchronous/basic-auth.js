// Credentials in the URL and in a header.
// requests: 2
import http from 'k6/http';
import encoding from 'k6/encoding';
import { check } from 'k6';

export default function () {
  const url = `${__ENV.BASE_URL}/basic`.replace('://', '://ann:secret-a@');
  check(http.get(url), { 'by URL': (r) => r.json('authenticated') === true });
  const headers = { Authorization: `Basic ${encoding.b64encode('ann:secret-a')}` };
  check(http.get(`${__ENV.BASE_URL}/basic`, { headers }), { 'by header': (r) => r.json().authenticated });
}
