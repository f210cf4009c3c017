// URLs with parameters, grouped under one name.
// requests: 4
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  thresholds: {
    'http_reqs{name:search}': ['count==3'],
    'http_reqs{name:by-url}': ['count==0'],
    checks: ['rate==1'],
  },
};

export default function () {
  for (const word of ['apple', 'ice cream', 'grüße']) {
    const res = http.get(`${__ENV.BASE_URL}/echo?q=${encodeURIComponent(word)}`, {
      tags: { name: 'search' },
    });
    check(res, { 'word came': (r) => r.json('query.q') === word });
  }
  const id = 7;
  check(http.get(http.url`${__ENV.BASE_URL}/items/${id}`), { 'templated url': (r) => r.json('id') === 7 });
}
