/** The routes of the trace: begin, keep a time, read, end. */
import { z } from 'zod';
import { json, noContent } from '../api/answer.ts';
import type { Route } from '../api/router.ts';
import { ApiError } from '../errors.ts';
import { parseBody } from './parse-body.ts';
import type { Recording, TraceRecorder } from './trace/recorder.ts';
import { tracedCommands } from './trace/traced-commands.ts';

const MB = 1024 * 1024;
const PART_LINES = 500;

const startSchema = z.strictObject({
  /** Memory of the recording. */
  bytesMax: z
    .int()
    .min(2 * MB)
    .max(1024 * MB)
    .default(64 * MB),
  /** Of one message only its beginning is kept. */
  messageBytesMax: z.int().min(256).max(65_536).default(4096),
});

const keepSchema = z.strictObject({ fromMs: z.number(), toMs: z.number() });

export function traceRoutes(recorder: TraceRecorder): Route[] {
  const present = (): Recording => {
    const { recording } = recorder;
    if (recording === undefined) throw new ApiError('traceNotRunning');
    return recording;
  };
  return [
    {
      methods: ['POST'],
      path: '/redcliff/trace',
      handle: ({ body }) => {
        recorder.start(parseBody(startSchema, body === '' ? '{}' : body));
        return json(201, JSON.stringify({ recording: true }));
      },
    },
    {
      methods: ['POST'],
      path: '/redcliff/trace/keep',
      handle: ({ body }) => {
        present();
        const { fromMs, toMs } = parseBody(keepSchema, body);
        recorder.keep(fromMs, toMs);
        return noContent();
      },
    },
    {
      methods: ['GET'],
      path: '/redcliff/trace',
      handle: () => ({
        status: 200,
        contentType: 'application/x-ndjson',
        body: lines(present(), recorder.nowMs()),
      }),
    },
    {
      methods: ['DELETE'],
      path: '/redcliff/trace',
      handle: () => {
        present();
        recorder.stop();
        return noContent();
      },
    },
  ];
}

/** The first line tells of the recording, each further one of a command. */
function* lines(recording: Recording, nowMs: number): Generator<string> {
  const { originMs, startedMs, ring } = recording;
  const dropped = ring.dropped.map(({ fromMs, toMs }) => ({
    fromMs: originMs + fromMs,
    toMs: originMs + toMs,
  }));
  let part = `${JSON.stringify({ traceVersion: 1, fromMs: originMs + startedMs, toMs: originMs + nowMs, dropped })}\n`;
  let count = 0;
  for (const command of tracedCommands(recording)) {
    part += `${JSON.stringify(command)}\n`;
    count += 1;
    if (count % PART_LINES !== 0) continue;
    yield part;
    part = '';
  }
  yield part;
}
