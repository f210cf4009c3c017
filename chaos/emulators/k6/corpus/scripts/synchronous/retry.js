// Tries again with a longer wait, as many do.
// requests: 4
import http from 'k6/http';
import { check, sleep } from 'k6';

function withRetry(action, attempts) {
  let res;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    res = action(attempt);
    if (res.status < 500) return res;
    sleep(0.01 * attempt);
  }
  return res;
}

export default function () {
  const res = withRetry((attempt) => http.get(`${__ENV.BASE_URL}/status/${attempt < 3 ? 503 : 200}`), 5);
  check(res, { 'third time works': (r) => r.status === 200 });
  const once = withRetry(() => http.get(`${__ENV.BASE_URL}/health`), 5);
  check(once, { 'first time works': (r) => r.body === 'ok' });
}
