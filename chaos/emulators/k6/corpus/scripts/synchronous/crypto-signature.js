// Signs a request.
// requests: 1
import http from 'k6/http';
import crypto, { hmac } from 'k6/crypto';
import encoding from 'k6/encoding';
import { check } from 'k6';

export default function () {
  const body = JSON.stringify({ amount: 5 });
  const signature = hmac('sha256', 'key', body, 'hex');
  const hasher = crypto.createHMAC('sha256', 'key');
  hasher.update(body);
  check(hasher.digest('hex'), { 'same both ways': (text) => text === signature });
  check(encoding.b64decode(encoding.b64encode('grüße'), 'std', 's'), {
    'base64 there and back': (text) => text === 'grüße',
  });
  const res = http.post(`${__ENV.BASE_URL}/echo`, body, { headers: { 'X-Signature': signature } });
  check(res, { 'signature came': (r) => r.json('headers.x-signature').length === 64 });
}
