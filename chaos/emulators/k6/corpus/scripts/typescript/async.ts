// Asynchronous requests, typed.
// requests: 4
import http, { RefinedResponse } from 'k6/http';
import { check } from 'k6';

async function all(paths: readonly string[]): Promise<RefinedResponse<'text'>[]> {
  return await Promise.all(paths.map((path) => http.asyncRequest<'text'>('GET', `${__ENV.BASE_URL}${path}`)));
}

export const options = { iterations: 2 };

export default async function (): Promise<void> {
  const answers = await all(['/health', '/page'] as const);
  check(answers, { 'both came': (list) => list.every(({ status }) => status === 200) });
}
