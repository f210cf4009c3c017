// Waits between two requests.
import http from 'k6/http';
import { check, sleep } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 3, iterations: 6 };

export default function () {
  const first = http.get(`${base}/slow/20`);
  sleep(0.02);
  const second = http.get(`${base}/health`);
  check([first, second], { 'both came': ([a, b]) => a.body === 'late' && b.body === 'ok' });
}
