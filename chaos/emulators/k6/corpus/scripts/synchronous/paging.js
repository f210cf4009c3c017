// Goes on as long as there are pages.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  let page = 1;
  let pages = 1;
  const seen = [];
  do {
    const body = http.get(`${__ENV.BASE_URL}/items?page=${page}`).json();
    pages = body.pages;
    for (const item of body.items) seen.push(item.id);
    page += 1;
  } while (page <= pages);
  check(seen, { 'all thirty': (ids) => ids.length === 30 });
}
