// Journeys of several scripts.
import http from 'k6/http';
import { check } from 'k6';

export function browse() {
  check(http.get(`${__ENV.BASE_URL}/page`), { 'page is there': (r) => r.status === 200 });
}

export function search() {
  check(http.get(`${__ENV.BASE_URL}/echo?q=x`), { 'search works': (r) => r.json('query.q') === 'x' });
}
