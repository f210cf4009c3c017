// Overloads, declarations and assertions leave nothing behind.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

declare const undeclared: string;
declare module 'k6/http' {
  interface Extra {
    more: string;
  }
}
function show(value: string): string;
function show(value: number): string;
function show(value: string | number): string {
  return `<${value}>`;
}
const isText = (value: unknown): value is string => typeof value === 'string';
function assertText(value: unknown): asserts value is string {
  if (!isText(value)) throw new Error('no text');
}

export default function () {
  const { body } = http.get(`${__ENV.BASE_URL}/health`);
  assertText(body);
  check(show(body as string), { shown: (text) => text === '<ok>' && typeof undeclared === 'undefined' });
}
