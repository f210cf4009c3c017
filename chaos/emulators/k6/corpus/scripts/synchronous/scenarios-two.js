// Browsers and buyers beside one another.
// requests: 8
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  scenarios: {
    browse: {
      executor: 'constant-vus',
      exec: 'browse',
      vus: 1,
      duration: '10s',
      gracefulStop: '2s',
      env: { PAGE: '3' },
    },
    buy: {
      executor: 'per-vu-iterations',
      exec: 'buy',
      vus: 2,
      iterations: 2,
      startTime: '100ms',
      tags: { money: 'yes' },
    },
  },
  thresholds: { 'http_req_failed{scenario:buy}': ['rate==0'], 'http_reqs{money:yes}': ['count==4'] },
};
options.scenarios.browse = {
  executor: 'shared-iterations',
  exec: 'browse',
  vus: 1,
  iterations: 4,
  env: { PAGE: '3' },
};

export function browse() {
  const res = http.get(`${__ENV.BASE_URL}/items?page=${__ENV.PAGE}`);
  check(res, { 'page of the scenario': (r) => r.json('page') === 3 });
}

export function buy() {
  http.post(`${__ENV.BASE_URL}/echo`, JSON.stringify({ item: 1 }));
}
