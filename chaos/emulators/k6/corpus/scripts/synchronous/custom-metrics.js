// Metrics of the script's own, all four kinds.
// requests: 6
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const found = new Counter('items_found');
const lastPage = new Gauge('last_page');
const complete = new Rate('complete_pages');
const waiting = new Trend('page_waiting', true);

export const options = {
  iterations: 3,
  thresholds: {
    items_found: ['count==60'],
    last_page: ['value==2'],
    complete_pages: ['rate==1'],
    page_waiting: ['p(99)<20000'],
  },
};

export default function () {
  for (const page of [1, 2]) {
    const res = http.get(`${__ENV.BASE_URL}/items?page=${page}`);
    const count = res.status === 200 ? res.json('items').length : 0;
    found.add(count);
    lastPage.add(page);
    complete.add(count === 10);
    waiting.add(res.timings.waiting, { page: String(page) });
  }
}
