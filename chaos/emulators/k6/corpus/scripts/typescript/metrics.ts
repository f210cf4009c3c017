// Metrics in a class with static members.
// requests: 2
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

class Metrics {
  static readonly done = new Counter('typed_done');
  static readonly time: Trend = new Trend('typed_time', true);
  static kind: string;
  static {
    Metrics.kind = 'typed';
  }
}
delete (Metrics as any).unknown;

export const options = {
  iterations: 2,
  thresholds: { typed_done: ['count==2'], http_req_failed: ['rate==0'] },
};

export default function () {
  const { timings } = http.get(`${__ENV.BASE_URL}/health`);
  Metrics.done.add(1);
  Metrics.time.add(timings.duration);
}
