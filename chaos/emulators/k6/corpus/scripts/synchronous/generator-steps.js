// A journey as a generator, driven by hand.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

function* journey() {
  yield '/page';
  yield '/items';
  yield '/items/1';
}

export default function () {
  const statuses = [];
  for (const path of journey()) statuses.push(http.get(`${__ENV.BASE_URL}${path}`).status);
  check(statuses, { 'three steps': (list) => list.every((status) => status === 200) && list.length === 3 });
}
