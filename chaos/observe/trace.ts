/** Has the embedded Toxiproxy record every command of a cell, and writes what it recorded beside the history. */
import { createWriteStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { fitTrace, traceLines, type TimeSpan } from '../../reports/trace/fit-trace.ts';
import { parseTrace } from '../../reports/trace/read-trace.ts';
import type { TraceHead } from '../../reports/trace/trace.ts';
import { HarnessError } from '../errors.ts';

const requestDeadlineMs = 10_000;
const downloadDeadlineMs = 120_000;

export interface TraceRecording extends AsyncDisposable {
  /** Of what passes between two epoch times nothing is dropped, as far as the memory goes. */
  keep(span: TimeSpan): Promise<void>;
  /** Writes the file and ends the recording; `line` completes each command's. */
  finish(file: string, proxies: TraceHead['proxies'], line?: (line: string) => string): Promise<void>;
}

/** `api`: address of an embedded Toxiproxy. Throws HarnessError. */
export async function recordTrace(api: string): Promise<TraceRecording> {
  let running = true;
  await ask(api, 'POST', '', {});
  const stop = async (): Promise<void> => {
    if (!running) return;
    running = false;
    await ask(api, 'DELETE', '');
  };
  return {
    keep: async (span) => void (await ask(api, 'POST', '/keep', span)),
    finish: async (file, proxies, line = (text) => text) => {
      const answer = await ask(api, 'GET', '', undefined, downloadDeadlineMs);
      if (answer.body === null) throw new HarnessError('Toxiproxy sent an empty trace', hint);
      // The head comes first in the file and is completed here, so that the file can be read by itself.
      await pipeline(answer.body, withProxies(proxies), eachLine(line), createWriteStream(file));
      await stop();
    },
    [Symbol.asyncDispose]: async () => {
      // A Toxiproxy that is gone has stopped recording as well.
      await stop().catch(() => undefined);
    },
  };
}

/** Rewrites a trace that is larger than `bytesMax`, keeping what lies around the given times. */
export async function fitTraceFile(
  file: string,
  around: readonly TimeSpan[],
  bytesMax: number,
): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null || found.size <= bytesMax) return;
  const trace = parseTrace((await readFile(file, 'utf8')).split('\n'), file);
  const fitted = fitTrace(trace, around, bytesMax, (command) => JSON.stringify(command).length + 1);
  await writeFile(`${file}.part`, `${traceLines(fitted).join('\n')}\n`);
  await rename(`${file}.part`, file);
}

const hint = 'see the log of Toxiproxy in the folder of the run';

async function ask(
  api: string,
  method: string,
  path: string,
  body?: unknown,
  deadlineMs = requestDeadlineMs,
): Promise<Response> {
  const answer = await fetch(`${api}/redcliff/trace${path}`, {
    method,
    signal: AbortSignal.timeout(deadlineMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new HarnessError(`Toxiproxy refused ${method} of the trace: ${(await answer.text()).trim()}`, hint);
  }
  return answer;
}

const headSchema = z.looseObject({ traceVersion: z.number() });

function withProxies(proxies: TraceHead['proxies']) {
  return async function* complete(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let first: Buffer | null = Buffer.alloc(0);
    for await (const part of parts) {
      if (first === null) {
        yield part;
        continue;
      }
      first = Buffer.concat([first, part]);
      const lineEnd = first.indexOf('\n');
      if (lineEnd === -1) continue;
      const head = headSchema.parse(JSON.parse(first.toString('utf8', 0, lineEnd)));
      yield Buffer.from(JSON.stringify({ ...head, proxies }));
      yield first.subarray(lineEnd);
      first = null;
    }
  };
}

function eachLine(complete: (line: string) => string) {
  return async function* completed(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const part of parts) {
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield `${lines.map(complete).join('\n')}\n`;
    }
    yield rest;
  };
}
