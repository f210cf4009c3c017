// Waits between two requests.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
export const options = { vus: 3, iterations: 6 };

export default async function () {
  const first = await http.asyncRequest('GET', `${base}/slow/20`);
  await pause(0.02);
  const second = await http.asyncRequest('GET', `${base}/health`);
  check([first, second], { 'both came': ([a, b]) => a.body === 'late' && b.body === 'ok' });
}
