// Timers of the script beside calls that block.
// requests: 1
import http from 'k6/http';
import { check, sleep } from 'k6';

export default async function () {
  let fired = 0;
  const timer = setInterval(() => (fired += 1), 10);
  await new Promise((resolve) => setTimeout(resolve, 60));
  clearInterval(timer);
  sleep(0.02);
  check(fired, { 'fired some times': (n) => n >= 2 });
  http.get(`${__ENV.BASE_URL}/health`);
}
