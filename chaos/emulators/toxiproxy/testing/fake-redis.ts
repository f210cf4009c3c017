/** A Redis of three commands, enough to tell what a server executed whose replies got lost. */
import type { Socket } from 'node:net';
import { startUpstream, type Upstream } from './upstream.ts';

export interface FakeRedis extends Upstream {
  /** Executed commands in order, name and arguments. */
  readonly executed: readonly (readonly string[])[];
  /** Replies wait until `release` while this is set. */
  holdReplies: boolean;
  release(): void;
}

export function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

export async function startFakeRedis(): Promise<FakeRedis> {
  const executed: string[][] = [];
  const values = new Map<string, string>();
  const held: (() => void)[] = [];
  const pending = new Map<Socket, string>();
  const upstream = await startUpstream({
    onData: (socket, data) => {
      let text = (pending.get(socket) ?? '') + data.toString('latin1');
      for (let read = readCommand(text); read !== undefined; read = readCommand(text)) {
        text = text.slice(read.length);
        executed.push(read.words);
        const reply = execute(values, read.words);
        if (fake.holdReplies) held.push(() => socket.write(reply));
        else socket.write(reply);
      }
      pending.set(socket, text);
    },
  });
  const fake: FakeRedis = Object.assign(upstream, {
    executed,
    holdReplies: false,
    release: () => {
      fake.holdReplies = false;
      for (const send of held.splice(0)) send();
    },
  });
  return fake;
}

function readCommand(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let at = head[0].length;
  const words: string[] = [];
  for (let index = 0; index < Number(head[1]); index += 1) {
    const length = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (length === null) return undefined;
    const start = at + length[0].length;
    const end = start + Number(length[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(start, end));
    at = end + 2;
  }
  return { words, length: at };
}

function execute(values: Map<string, string>, [name = '', key = '', value = '']: readonly string[]): string {
  switch (name.toUpperCase()) {
    case 'SET':
      values.set(key, value);
      return '+OK\r\n';
    case 'GET': {
      const found = values.get(key);
      return found === undefined ? '$-1\r\n' : `$${found.length}\r\n${found}\r\n`;
    }
    case 'INCR': {
      const next = Number(values.get(key) ?? '0') + 1;
      values.set(key, String(next));
      return `:${next}\r\n`;
    }
    default:
      return '+OK\r\n';
  }
}
