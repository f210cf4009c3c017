// Chooses what to do by weight, from a table of functions.
// requests: 12
import http from 'k6/http';
import { check } from 'k6';

const actions = {
  list: () => http.get(`${__ENV.BASE_URL}/items`),
  one: () => http.get(`${__ENV.BASE_URL}/items/1`),
  search: () => http.get(`${__ENV.BASE_URL}/echo?q=jam`),
};
const weights = { list: 5, one: 3, search: 2 };

function choose() {
  let left = Math.random() * 10;
  for (const name of Object.keys(weights)) {
    left -= weights[name];
    if (left <= 0) return name;
  }
  return 'search';
}

export const options = { vus: 3, iterations: 12, thresholds: { checks: ['rate==1'] } };

export default function () {
  const res = actions[choose()]();
  check(res, { answered: (r) => r.status === 200 });
}
