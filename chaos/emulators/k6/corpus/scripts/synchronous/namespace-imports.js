// Modules by namespace.
// requests: 2
import * as k6 from 'k6';
import * as http from 'k6/http';
import * as metrics from 'k6/metrics';

const steps = new metrics.Counter('steps_done');
export const options = { thresholds: { steps_done: ['count==2'], checks: ['rate==1'] } };

export default function () {
  for (const path of ['/health', '/page']) {
    const res = http.get(__ENV.BASE_URL + path);
    k6.check(res, { fine: (r) => r.status === 200 });
    steps.add(1);
    k6.sleep(0.01);
  }
}
