// Imports that are used as types only are dropped, with and without the word.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';
import { Credentials, Role, makeCredentials } from './lib/types.ts';
import type { Unused } from './lib/only-types.ts';
import { OnlyType } from './lib/only-types.ts';

const one: Credentials = makeCredentials('bob', 'secret-b');
const role: Role = 'buyer';
const nothing: OnlyType | Unused | undefined = undefined;

export default function () {
  const res = http.post(`${__ENV.BASE_URL}/login`, one as unknown as Record<string, string>);
  check(res, { 'login works': (r) => r.status === 200 && role === 'buyer' && nothing === undefined });
}
