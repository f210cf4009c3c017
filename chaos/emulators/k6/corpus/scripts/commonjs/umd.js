// A bundle of the UMD kind, imported by an ES module.
// requests: 3
import tools from './lib/umd.js';
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const pairs = tools.chunk([1, 2, 3, 4, 5], 2);
  check(pairs, { 'three pieces': (list) => list.length === 3 });
  for (const [first] of pairs)
    check(http.get(`${__ENV.BASE_URL}/items/${first}`), { found: (r) => r.status === 200 });
}
