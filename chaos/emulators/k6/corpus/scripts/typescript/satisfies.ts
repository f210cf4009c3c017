// Newer operators of the language.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';
import type { Options, Scenario } from 'k6/options';

const scenario = { executor: 'shared-iterations', iterations: 1, vus: 1 } as const satisfies Scenario;
export const options = { scenarios: { scenario } } satisfies Options;

export default () => {
  const res = http.get(`${__ENV.BASE_URL}/items/1`);
  const name = (res.json() as { name?: string } | null)?.name ?? 'none';
  check(name!, { 'has a name': (text: string) => text.length > 0 });
};
