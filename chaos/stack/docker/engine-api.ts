/** The few requests to an engine that are made without the library for it, which takes a second to load. */
import { type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { StackFailed } from '../errors.ts';
import type { EngineAddress } from './engine.ts';

export type LocalEngine = NonNullable<EngineAddress>;

export interface EngineRequest {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Gives up; a request without one waits as long as the engine does. */
  readonly signal?: AbortSignal;
}

const failureSchema = z.object({ message: z.string() });

/** The parsed answer, null when it is empty. Throws `StackFailed` with the engine's own words when it refuses. */
export async function askEngine(engine: LocalEngine, asked: EngineRequest): Promise<unknown> {
  const answer = await open(engine, asked);
  const text = await textOf(answer);
  const body: unknown = text === '' ? null : JSON.parse(text);
  if ((answer.statusCode ?? 0) < 400) return body;
  const said = failureSchema.safeParse(body);
  throw new StackFailed(
    `the engine answered ${asked.method} ${asked.path} with ${answer.statusCode}: ${said.success ? said.data.message : text}`,
  );
}

/** What a container prints, from its start to its end, passed on to where it belongs. */
export async function followOutput(
  engine: LocalEngine,
  containerId: string,
  output: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
): Promise<void> {
  const path = `/containers/${containerId}/logs?follow=1&stdout=1&stderr=1`;
  const answer = await open(engine, { method: 'GET', path });
  for await (const { stream, bytes } of outputFrames(answer)) output[stream].write(bytes);
}

const headerBytes = 8;
const stderrKind = 2;

/** Takes the two streams apart that an engine sends as one: frames of a kind, three zeros, a length, and as many bytes. */
export async function* outputFrames(
  source: Readable | AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly stream: 'stderr' | 'stdout'; readonly bytes: Buffer }> {
  let pending = Buffer.alloc(0);
  for await (const chunk of source) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= headerBytes) {
      const end = headerBytes + pending.readUInt32BE(4);
      if (pending.length < end) break;
      yield {
        stream: pending[0] === stderrKind ? 'stderr' : 'stdout',
        bytes: pending.subarray(headerBytes, end),
      };
      pending = pending.subarray(end);
    }
  }
}

function open(engine: LocalEngine, { method, path, body, signal }: EngineRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asking = request(
      { ...engine, method, path, headers, ...(signal === undefined ? {} : { signal }) },
      resolve,
    );
    asking.on('error', reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const part of answer) text += String(part);
  return text;
}
