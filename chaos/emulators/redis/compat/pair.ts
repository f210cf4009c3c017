/** A connection to each of the two servers, on which the same is sent. What differs is thrown. */
import type { Bytes } from '../bytes/byte-string.ts';
import { quoted } from '../bytes/quote.ts';
import { isSame, type Call } from './compare.ts';
import type { SideConnection } from './side.ts';
import { replyText, type WireReply } from './wire-reply.ts';

export class DifferenceError extends Error {
  constructor(what: string, expected: string, actual: string) {
    super(`${what}\n  redis-server: ${expected}\n  emulator:     ${actual}`);
    this.name = 'DifferenceError';
  }
}

/** redis-server is known to be wrong, and what it has is another than the emulator's from here on. */
export class KnownFaultError extends Error {}

const answerDeadlineMs = 5000;

/** Shows the lines from the first that differs on. */
export function compareLines(what: string, expected: readonly string[], actual: readonly string[]): void {
  const count = Math.max(expected.length, actual.length);
  for (let at = 0; at < count; at += 1) {
    if (expected[at] === actual[at]) continue;
    const [left, right] = [expected, actual].map((lines) => lines.slice(at, at + 4).join('\n    '));
    throw new DifferenceError(`${what}, from line ${at + 1} on`, left ?? '', right ?? '');
  }
}

export class Pair {
  readonly name: string;
  readonly real: SideConnection;
  readonly emulated: SideConnection;
  /** Commands that were not answered yet. */
  #waiting: Call[] = [];
  /** Those that EXEC will run. */
  #queued: Call[] = [];

  constructor(name: string, real: SideConnection, emulated: SideConnection) {
    this.name = name;
    this.real = real;
    this.emulated = emulated;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Fewer answers have come from the emulator, which answers at once, than commands were sent. */
  get isBlocked(): boolean {
    return this.emulated.replyCount < this.#waiting.length && !this.emulated.isClosed;
  }

  send(calls: readonly Call[]): void {
    const requests = calls.map(({ words }) => words);
    this.#waiting.push(...calls);
    this.emulated.send(requests);
    this.real.send(requests);
  }

  /** For what cannot be the same on both sides. */
  sendEach(real: readonly Bytes[], emulated: readonly Bytes[]): void {
    this.#waiting.push({ words: emulated, hasOrder: false });
    this.emulated.send([emulated]);
    this.real.send([real]);
  }

  /** The last command answers in an order that is known. */
  setOrder(hasOrder: boolean): void {
    const last = this.#waiting.pop();
    if (last !== undefined) this.#waiting.push({ ...last, hasOrder });
  }

  /** The answers to one command as texts, when both are some. */
  async takeTexts(): Promise<{ real: Bytes; emulated: Bytes } | undefined> {
    await this.real.arrived(1, answerDeadlineMs);
    const [expected, actual] = [this.real.take()[0], this.emulated.take()[0]];
    if (expected?.kind === 'bulk' && actual?.kind === 'bulk') {
      this.#waiting.shift();
      return { real: expected.text, emulated: actual.text };
    }
    this.#compareOne(expected, actual);
    return undefined;
  }

  /** Compares what has come by now, which has to be all that there is to come. */
  async compare(): Promise<void> {
    const actual = this.emulated.take();
    if (actual.length > 0) await this.real.arrived(actual.length, answerDeadlineMs);
    const expected = this.real.take();
    const count = Math.max(actual.length, expected.length);
    for (let at = 0; at < count; at += 1) this.#compareOne(expected[at], actual[at]);
  }

  /** Messages for a client that listens: there may be any number. */
  async compareMessages(): Promise<void> {
    const actual = this.emulated.take();
    await this.real.arrived(actual.length, answerDeadlineMs);
    const expected = this.real.take();
    compareLines(`messages to ${this.name}`, messageLines(expected), messageLines(actual));
    this.#waiting = [];
  }

  #compareOne(expected: WireReply | undefined, actual: WireReply | undefined): void {
    const call = this.#waiting.shift() ?? { words: ['(nothing sent)'], hasOrder: false };
    if (expected !== undefined && actual !== undefined && this.#isSameReply(call, expected, actual)) {
      this.#noteQueue(call, actual);
      return;
    }
    if (isStaleErrno(call, expected)) throw new KnownFaultError();
    const texts = [expected, actual].map((reply) => (reply === undefined ? 'no answer' : replyText(reply)));
    throw new DifferenceError(`${this.name} ${callText(call.words)}`, texts[0] ?? '', texts[1] ?? '');
  }

  /** EXEC answers for each of the commands that were queued. */
  #isSameReply(call: Call, expected: WireReply, actual: WireReply): boolean {
    if (nameOf(call) !== 'exec' || expected.kind !== 'array' || actual.kind !== 'array') {
      return isSame(call, expected, actual);
    }
    if (expected.items.length !== actual.items.length) return false;
    return expected.items.every((item, index) => {
      const other = actual.items[index];
      return other !== undefined && isSame(this.#queued[index] ?? call, item, other);
    });
  }

  #noteQueue(call: Call, actual: WireReply): void {
    if (actual.kind === 'status' && actual.text === 'QUEUED') this.#queued.push(call);
    else if (['exec', 'discard', 'reset', 'multi'].includes(nameOf(call)) && actual.kind !== 'error')
      this.#queued = [];
    else if (nameOf(call) === 'exec') this.#queued = [];
  }
}

/**
 * SORT does not reset errno before it converts, so that a number out of range in any command before makes it fail: after
 * `EVAL "return tonumber('1e400')" 0`, SORT of a set of small numbers in a hash table does.
 */
function isStaleErrno(call: Call, expected: WireReply | undefined): boolean {
  return (
    nameOf(call).startsWith('sort') &&
    expected?.kind === 'error' &&
    expected.text === "ERR One or more scores can't be converted into double"
  );
}

function nameOf({ words }: Call): string {
  return words[0]?.toLowerCase() ?? '';
}

/**
 * Of messages in a row whose order is none that is known, in a fixed one: SORT looks up what the members of a set name, and a client
 * that listens to several patterns gets a message once for each of those that match.
 */
function messageLines(messages: readonly WireReply[]): string[] {
  const lines: string[] = [];
  let group: { readonly key: string; readonly texts: string[] } = { key: '', texts: [] };
  for (const message of messages) {
    const text = replyText(message);
    const key = groupOf(message, text);
    if (key !== group.key || key === '') {
      lines.push(...group.texts.sort());
      group = { key, texts: [] };
    }
    group.texts.push(text);
  }
  return [...lines, ...group.texts.sort()];
}

function groupOf(message: WireReply, text: string): string {
  if (text.includes('keymiss')) return 'miss';
  if (!('items' in message) || !text.includes('"pmessage"')) return '';
  return message.items.slice(2).map(replyText).join(' ');
}

export function callText(words: readonly Bytes[]): string {
  return words.map((word) => (/^[\w:.*@|+#-]+$/.test(word) ? word : quoted(word))).join(' ');
}
