// A journey of a buyer from login to the order.
// requests: 12
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Rate, Trend } from 'k6/metrics';
import { randomItem } from './lib/random.js';

const failures = new Rate('failed_orders');
const orderTime = new Trend('order_time', true);

export const options = {
  vus: 2,
  iterations: 2,
  thresholds: {
    failed_orders: ['rate<0.01'],
    order_time: ['p(95)<20000'],
    'checks{step:login}': ['rate==1'],
  },
};

export default function () {
  const base = __ENV.BASE_URL;
  let token;
  let items;
  group('login', () => {
    const res = http.post(`${base}/login`, JSON.stringify({ user: 'ann', password: 'secret-a' }));
    check(res, { 'logged in': (r) => r.status === 200 }, { step: 'login' });
    token = res.json('token');
  });
  group('browse', () => {
    items = http.get(`${base}/items`).json('items');
    sleep(0.01);
    http.batch([`${base}/items/${items[0].id}`, `${base}/items/${items[1].id}`]);
  });
  group('order', () => {
    const res = http.post(`${base}/echo`, JSON.stringify({ item: randomItem(items).id }), {
      headers: { Authorization: `Bearer ${token}` },
    });
    failures.add(res.status !== 200);
    orderTime.add(res.timings.duration);
    check(http.get(`${base}/account`, { headers: { Authorization: `Bearer ${token}` } }), {
      'still ann': (r) => r.json('user') === 'ann',
    });
  });
}
