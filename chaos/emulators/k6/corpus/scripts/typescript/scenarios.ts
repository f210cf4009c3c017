// Scenarios in TypeScript.
// requests: 5
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';
import { Options } from 'k6/options';

export const options: Options = {
  scenarios: {
    readers: { executor: 'per-vu-iterations', exec: 'read', vus: 2, iterations: 2 },
    writer: { executor: 'shared-iterations', exec: 'write', vus: 1, iterations: 1 },
  },
  thresholds: { 'checks{scenario:readers}': ['rate==1'], http_req_failed: ['rate==0'] },
};

export function read(): void {
  const id: number = (exec.scenario.iterationInTest as number) + 1;
  check(http.get(`${__ENV.BASE_URL}/items/${id}`), { 'own item': (r) => r.json('id') === id });
}

export function write(): void {
  http.post(`${__ENV.BASE_URL}/items`, JSON.stringify({ name: 'typed', price: 2 }));
}
