// Settings from outside, with defaults.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

const times = Number(__ENV.TIMES || 3);
const target = __ENV.TARGET_URL || __ENV.BASE_URL;

export const options = { vus: Number(__ENV.USERS || 1), iterations: times };

export default function () {
  check(http.get(`${target}/health`), { up: (r) => r.status === 200 });
}
