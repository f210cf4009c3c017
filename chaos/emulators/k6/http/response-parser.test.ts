/** Answers are read the same however the network cuts them. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalHeaderName } from './header-names.ts';
import { ResponseSyntaxError } from './response-head.ts';
import { ResponseParser } from './response-parser.ts';
import type { ParsedResponse } from './response-parser.ts';

const plain =
  'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 5\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello';
const chunked =
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n';

function feed(text: string, cuts: readonly number[], withoutBody = false): ParsedResponse | undefined {
  const parser = new ResponseParser();
  parser.expect(withoutBody);
  const shared = Buffer.alloc(text.length);
  const bounds = [
    0,
    ...cuts.map((cut) => cut % text.length).toSorted((left, right) => left - right),
    text.length,
  ];
  let response: ParsedResponse | undefined;
  for (const [index, from] of bounds.slice(0, -1).entries()) {
    const part = Buffer.from(text.slice(from, bounds[index + 1]), 'latin1');
    part.copy(shared);
    response = parser.push(shared.subarray(0, part.length)) ?? response;
    shared.fill(0x78);
  }
  if (response !== undefined) return response;
  const end = parser.end();
  return end.kind === 'complete' ? end.response : undefined;
}

test.each([
  ['a length', plain, 200],
  ['chunks after an interim answer', chunked, 201],
  ['the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nhello', 200],
])('a body by %s, cut anywhere', (_what, text, status) => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 6 }), (cuts) => {
      const response = feed(text, cuts);
      expect(response?.head.status).toBe(status);
      expect(response?.body.toString()).toBe('hello');
    }),
    { numRuns: 200 },
  );
});

test('headers are canonical, repeated ones joined, cookies kept apart', () => {
  const head = feed(plain, [])?.head;
  expect(head?.headers).toEqual({
    'Content-Length': '5',
    'Content-Type': 'text/plain',
    'Set-Cookie': 'a=1, b=2',
  });
  expect(head?.setCookies).toEqual(['a=1', 'b=2']);
  expect(canonicalHeaderName('x-REQUEST-id')).toBe('X-Request-Id');
});

test('an answer to HEAD has no body whatever its length says, and 204 has none either', () => {
  expect(feed('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', [], true)?.body.length).toBe(0);
  expect(feed('HTTP/1.1 204 No Content\r\n\r\n', [])?.head.status).toBe(204);
});

test('connections stay open by the version and the header', () => {
  const keepAlive = (text: string) => feed(`${text}Content-Length: 0\r\n\r\n`, [])?.head.keepAlive;
  expect(keepAlive('HTTP/1.1 200 OK\r\n')).toBe(true);
  expect(keepAlive('HTTP/1.1 200 OK\r\nConnection: close\r\n')).toBe(false);
  expect(keepAlive('HTTP/1.0 200 OK\r\n')).toBe(false);
  expect(keepAlive('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n')).toBe(true);
});

test('an incomplete answer is none, nonsense is refused', () => {
  expect(feed('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', [])).toBeUndefined();
  for (const nonsense of [
    'SSH-2.0-x\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  ]) {
    expect(() => feed(nonsense, [])).toThrow(ResponseSyntaxError);
  }
});

test('whatever bytes come, there is an answer, none yet, or a refusal', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
      (bytes, prefix) => {
        const parser = new ResponseParser();
        parser.expect(false);
        let refusal: unknown;
        try {
          parser.push(Buffer.concat([Buffer.from(prefix), bytes]));
        } catch (error) {
          refusal = error;
        }
        expect(refusal === undefined || refusal instanceof ResponseSyntaxError).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
