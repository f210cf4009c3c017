/** Lua scripts by their hash, loaded on demand: a Redis that was restarted has forgotten them, and said so before running anything. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChainableCommander, Redis } from 'ioredis';

type Argument = string | number;

export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly arguments: readonly Argument[];
}

export class Script {
  readonly name: string;
  readonly source: string;
  readonly #hash: string;

  constructor(name: string, source: string) {
    this.name = name;
    this.source = source;
    this.#hash = createHash('sha1').update(source).digest('hex');
  }

  static fromFile(url: URL): Script {
    return new Script(url.pathname.split('/').at(-1) ?? '', readFileSync(url, 'utf8'));
  }

  async run(client: Redis, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#hash, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return await client.eval(this.source, keys.length, ...keys, ...args);
    }
  }

  queue(pipeline: ChainableCommander, keys: readonly string[], args: readonly Argument[]): void {
    pipeline.evalsha(this.#hash, keys.length, ...keys, ...args);
  }

  async load(client: Redis): Promise<void> {
    await client.script('LOAD', this.source);
  }
}

/** The answers of one round trip, in order; an answer that is an error stands in its place. Throws when the connection fails. */
export async function runAll(client: Redis, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
  const first = await send(client, calls);
  const unknown = calls.filter((_call, index) => isUnknownScript(first[index]));
  if (unknown.length === 0) return first;
  for (const script of new Set(unknown.map((call) => call.script))) await script.load(client);
  const second = await send(client, unknown);
  let next = 0;
  return first.map((answer) => (isUnknownScript(answer) ? second[next++] : answer));
}

function send(client: Redis, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
  const pipeline = client.pipeline();
  for (const call of calls) call.script.queue(pipeline, call.keys, call.arguments);
  return execute(pipeline);
}

/** The answers, in order; one that is an error stands in its place. Throws when the connection fails. */
export async function execute(pipeline: ChainableCommander): Promise<readonly unknown[]> {
  const answers = await pipeline.exec();
  if (answers === null) throw new Error('the pipeline was discarded');
  return answers.map(([error, answer]) => {
    if (error === null) return answer;
    if (error.name !== 'ReplyError') throw error;
    return error;
  });
}

/** The server refuses an unknown script before it runs anything, so trying again can not do a thing twice. */
function isUnknownScript(answer: unknown): boolean {
  return answer instanceof Error && answer.message.startsWith('NOSCRIPT');
}
