// Groups in groups, with values given back.
// requests: 3
import http from 'k6/http';
import { check, group } from 'k6';

export const options = {
  thresholds: {
    'group_duration{group:::shop::list}': ['max<20000'],
    'http_req_duration{group:::shop}': ['max<20000'],
    http_req_failed: ['rate==0'],
  },
};

export default function () {
  const names = group('shop', () => {
    http.get(`${__ENV.BASE_URL}/page`);
    return group('list', () => http.get(`${__ENV.BASE_URL}/items`).json('items.#.name'));
  });
  check(names, { 'ten names': (list) => list.length === 10 });
  http.get(`${__ENV.BASE_URL}/health`);
}
