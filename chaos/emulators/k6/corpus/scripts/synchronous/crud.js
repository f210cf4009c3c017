// Makes, reads, changes and deletes an item.
// requests: 12
import http from 'k6/http';
import { check, group } from 'k6';

export const options = { vus: 2, iterations: 2, thresholds: { checks: ['rate==1'] } };
const headers = { 'Content-Type': 'application/json' };

export default function () {
  const base = `${__ENV.BASE_URL}/items`;
  let url = '';
  group('create', function () {
    const res = http.post(base, JSON.stringify({ name: `thing ${__VU}`, price: 9 }), { headers });
    if (check(res, { 'created 201': (r) => r.status === 201 }))
      url = `${__ENV.BASE_URL}${res.headers.Location}`;
  });
  group('read', function () {
    check(http.get(url), { 'has its name': (r) => r.json('name') === `thing ${__VU}` });
  });
  group('update', function () {
    check(http.put(url, JSON.stringify({ price: 12 }), { headers }), {
      'put 12': (r) => r.json('price') === 12,
    });
    check(http.patch(url, JSON.stringify({ price: 13 }), { headers }), {
      'patch 13': (r) => r.json('price') === 13,
    });
  });
  group('delete', function () {
    check(http.del(url), { 'is deleted': (r) => r.status === 204 });
    const gone = http.get(url, { responseCallback: http.expectedStatuses(404) });
    check(gone, { 'is gone': (r) => r.status === 404 });
  });
}
