// A secret that never shows in the log.
// requests: 1
// flags: --secret-source=mock=password=secret-b
import http from 'k6/http';
import secrets from 'k6/secrets';
import { check } from 'k6';

export default async function () {
  const password = await secrets.get('password');
  console.log(`the password is ${password}`);
  const res = http.post(`${__ENV.BASE_URL}/login`, { user: 'bob', password });
  check(res, { 'secret works': (r) => r.status === 200 });
}
