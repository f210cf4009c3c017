// Waits between the steps like a person.
// requests: 6
import http from 'k6/http';
import { group, sleep } from 'k6';
import { randomIntBetween } from './lib/random.js';

export const options = {
  vus: 3,
  iterations: 3,
  thresholds: { iteration_duration: ['min>=40'], http_req_failed: ['rate==0'] },
};

export default function () {
  group('start', () => {
    http.get(`${__ENV.BASE_URL}/page`);
    sleep(0.02);
  });
  group('list', () => {
    http.get(`${__ENV.BASE_URL}/items`);
    sleep(randomIntBetween(20, 40) / 1000);
  });
}
