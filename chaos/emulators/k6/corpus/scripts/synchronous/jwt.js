// Makes a JSON web token.
// requests: 1
import http from 'k6/http';
import encoding from 'k6/encoding';
import crypto from 'k6/crypto';
import { check } from 'k6';

function sign(payload, secret) {
  const header = encoding.b64encode(JSON.stringify({ alg: 'HS256', typ: 'JWT' }), 'rawurl');
  const content = encoding.b64encode(JSON.stringify(payload), 'rawurl');
  const signature = crypto.hmac('sha256', secret, `${header}.${content}`, 'base64rawurl');
  return [header, content, signature].join('.');
}

export default function () {
  const token = sign({ sub: 'ann', iat: 1 }, 'shh');
  const res = http.get(`${__ENV.BASE_URL}/echo`, { headers: { Authorization: `Bearer ${token}` } });
  check(res, {
    'three parts': (r) => r.json('headers.authorization').split('.').length === 3,
    'no padding': (r) => !r.json('headers.authorization').includes('='),
  });
}
