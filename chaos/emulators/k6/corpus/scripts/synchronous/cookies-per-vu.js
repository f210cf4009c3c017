// Every iteration begins with an empty jar, every VU has its own.
// requests: 8
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 4, thresholds: { checks: ['rate==1'] } };

export default function () {
  const first = http.get(`${__ENV.BASE_URL}/cookies/set?vu=${__VU}`);
  check(first, { 'nothing sent at first': (r) => Object.keys(r.json()).length === 0 });
  const second = http.get(`${__ENV.BASE_URL}/cookies`);
  check(second, { 'own cookie': (r) => r.json('vu') === String(__VU) });
}
