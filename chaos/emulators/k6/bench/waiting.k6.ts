import http from 'k6/http';
import { check } from 'k6';
import { Trend } from 'k6/metrics';

const latency = new Trend('latency', true);

export default async function () {
  const response = await http.asyncRequest('GET', `http://127.0.0.1:${__ENV.PORT}/`, null, {
    tags: { op: 'read' },
  });
  check(response, { ok: ({ status }) => status === 200 });
  latency.add(response.timings.duration);
  await new Promise<void>((resolve) => {
    setTimeout(() => resolve(), 1000);
  });
}
