import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { RequestTies, tiedLine } from './request-ties.ts';

const lines = [
  '[5000,7000,10,30,0,"1@5"]',
  '[5000,7000,40,60,1,"2@6"]',
  '[5000,7001,0,20,0,"3@7"]',
  '[5000,70',
];

test('a command belongs to the write that it begins in, of the connection to that proxy', () => {
  const ties = new RequestTies(lines);
  expect(ties.operationOf(5000, 7000, 10, 30)).toBe('1@5');
  expect(ties.operationOf(5000, 7000, 25, 15)).toBe('1@5');
  expect(ties.operationOf(5000, 7001, 0, 20)).toBe('3@7');
  expect(ties.operationOf(5000, 7000, 5, 5)).toBeNull();
  expect(ties.operationOf(5000, 7000, 100, 10)).toBeNull();
  expect(ties.operationOf(5001, 7000, 10, 30)).toBeNull();
});

test('a write that callers may have shared is taken only when it is one command', () => {
  const ties = new RequestTies(lines);
  expect(ties.operationOf(5000, 7000, 40, 60)).toBe('2@6');
  expect(ties.operationOf(5000, 7000, 40, 30)).toBeNull();
});

test('a line of the trace gets its operation, whatever its command contains', () => {
  const ties = new RequestTies(lines);
  const line = (proxy: string) =>
    `{"proxy":"${proxy}","connection":1,"peer":"127.0.0.1:5000","protocol":"redis","startedMs":1,"endedMs":2,` +
    '"streamOffset":10,"requestBytes":30,"replyBytes":5,"reply":"\\"streamOffset\\":99","command":"GET"}';
  const ports = new Map([['redis-of-api-1', 7000]]);
  expect(JSON.parse(tiedLine(line('redis-of-api-1'), ties, ports))).toMatchObject({ operation: '1@5' });
  expect(tiedLine(line('other'), ties, ports)).toBe(line('other'));
});

/** Two requests at once; `send` writes what they want to send to the store. */
const program = (send: string): string => `
import http from 'node:http';
import net from 'node:net';
const store = net.createServer((socket) => socket.resume()).listen(Number(process.argv[2]), '127.0.0.1');
const socket = net.connect(Number(process.argv[2]), '127.0.0.1', () => {
  const waiting = [];
  const send = ${send};
  const server = http.createServer((request, response) => {
    request.resume().on('end', async () => {
      await null;
      send(request.url);
      setTimeout(() => response.end(), 20);
    });
  });
  server.listen(0, '127.0.0.1', async () => {
    const ask = (name) => new Promise((done) => http.request({ port: server.address().port, method: 'POST', path: '/' + name,
      headers: { 'x-redcliff-operation': name } }, (answer) => answer.resume().on('end', done)).end('body'));
    await Promise.all([ask('one'), ask('two')]);
    process.exit(0);
  });
});
`;

async function notedBy(send: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ties-'));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, program(send));
    // Any free port does: nothing else listens on it while this runs.
    const port = String(30_000 + (process.pid % 20_000));
    const preload = new URL('../target/tie-requests.mjs', import.meta.url);
    preload.searchParams.set('folder', folder);
    preload.searchParams.set('ports', port);
    await promisify(execFile)(process.execPath, [`--import=${preload.href}`, file, port], {
      timeout: 20_000,
    });
    const noted = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    const texts = await Promise.all(noted.map((name) => readFile(join(folder, name), 'utf8')));
    return texts.flatMap((text) => text.trim().split('\n'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a process notes who wrote what, after the body was read and a promise awaited', async () => {
  const noted = (await notedBy('(name) => socket.write(name)')).map((line): unknown => JSON.parse(line));
  const sent = noted.map((tie) => (Array.isArray(tie) ? (tie as unknown[]).slice(2) : []));
  expect(sent).toHaveLength(2);
  expect(sent).toContainEqual([expect.any(Number), 4, 0, 'one']);
  expect(sent).toContainEqual([expect.any(Number), 4, 0, 'two']);
});

test('what a client gathered from several requests is tied to none of them, or marked as shared', async () => {
  const gathered = `(name) => {
    waiting.push(name);
    setTimeout(() => waiting.length === 2 && waiting.splice(0).forEach((each) => socket.write(each)), 10);
  }`;
  expect(await notedBy(gathered)).toEqual([]);
  const joined = `(name) => {
    waiting.push(name);
    setTimeout(() => waiting.length === 2 && socket.write(waiting.splice(0).join('')), 10);
  }`;
  expect(await notedBy(joined)).toEqual([expect.stringMatching(/^\[\d+,\d+,0,8,1,"(one|two)"\]$/)]);
});
