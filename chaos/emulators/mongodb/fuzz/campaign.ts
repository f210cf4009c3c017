/**
 * Sends mutated messages to a server over many connections. Every connection must come to its end (all replies, or
 * closed), nothing may reach the server's defect report, others must go on being served, and memory must stay bounded.
 */
import { connect } from 'node:net';
import { BSON } from 'bson';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { messageOf, mutatedBytes, mutatedCommand } from './mutations.ts';

export interface FuzzOptions {
  readonly port: number;
  readonly messages: number;
  readonly random: Random;
  readonly clock: Clock;
  readonly connections: number;
}

export interface FuzzReport {
  readonly messages: number;
  readonly connections: number;
  readonly replies: number;
  /** Hexadecimal messages of connections that did not end in time. */
  readonly hung: readonly string[];
  /** Replies that are no document with `ok`. */
  readonly malformedReplies: readonly string[];
  /** Messages of errors that are the server's own and no client's. */
  readonly internalErrors: readonly string[];
}

const messagesPerConnection = 12;
const deadlineMs = 15_000;

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report = {
    messages: 0,
    connections: 0,
    replies: 0,
    hung: new Array<string>(),
    malformedReplies: new Array<string>(),
    internalErrors: new Array<string>(),
  };
  const work = async (random: Random): Promise<void> => {
    while (report.messages < options.messages) {
      const messages = drawMessages(random);
      report.messages += messages.length;
      report.connections += 1;
      const replies = await exchange(options, messages);
      if (replies === undefined) report.hung.push(Buffer.concat(messages).toString('hex'));
      else checkReplies(replies, report);
    }
  };
  await Promise.all(
    Array.from({ length: options.connections }, (_, index) =>
      work(options.random.fork(`connection ${index}`)),
    ),
  );
  return report;
}

/** Well-formed messages, several on a connection, or bytes that a connection may not survive, the only ones on theirs. */
function drawMessages(random: Random): Buffer[] {
  const count = random.next() < 0.5 ? 1 : messagesPerConnection;
  const messages: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const message = messageOf(mutatedCommand(random), index + 1);
    if (message !== undefined) messages.push(count === 1 ? mutatedBytes(random, message) : message);
  }
  return messages;
}

/** All bytes that came back until the server closed its side; undefined when it did not in time. */
function exchange({ port, clock }: FuzzOptions, messages: readonly Buffer[]): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port });
    const guard = clock.timer(deadlineMs, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      guard[Symbol.dispose]();
      resolve(Buffer.concat(chunks));
    });
    socket.end(Buffer.concat(messages));
  });
}

function checkReplies(
  replies: Buffer,
  report: { replies: number; malformedReplies: string[]; internalErrors: string[] },
): void {
  for (let offset = 0; offset + 16 <= replies.length;) {
    const size = replies.readInt32LE(offset);
    if (size < 16 || offset + size > replies.length) return;
    const message = replies.subarray(offset, offset + size);
    offset += size;
    report.replies += 1;
    const bodyAt = message.readInt32LE(12) === 1 ? 36 : 21;
    try {
      const body: Record<string, unknown> = BSON.deserialize(message.subarray(bodyAt));
      if (body['code'] === 1) report.internalErrors.push(String(body['errmsg']));
      if (body['ok'] === undefined) report.malformedReplies.push(message.toString('hex'));
    } catch {
      report.malformedReplies.push(message.toString('hex'));
    }
  }
}
