// Options and data of a JSON file.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

const config = JSON.parse(open('./lib/config.json'));

export const options = { vus: 1, iterations: 1 };

export default function () {
  config.users.forEach((one) => {
    const res = http.post(`${__ENV.BASE_URL}/login`, one);
    check(res, { 'login of the file': (r) => r.status === 200 });
  });
}
