/**
 * One round of the campaign: empty servers, then commands of several clients in an order that the seed decides, compared one by one; at the
 * end all that both have.
 */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { blockingCommand, dataCommand, serverCommand, subscription } from './commands-at-random.ts';
import type { Call } from './compare.ts';
import type { EmulatedSide } from './emulated-side.ts';
import { compareStates } from './final-state.ts';
import { callText, DifferenceError, Pair } from './pair.ts';
import type { RealSide } from './real-side.ts';
import { functionCall, scriptCall } from './scripts-at-random.ts';

export interface Sides {
  readonly real: RealSide;
  readonly emulated: EmulatedSide;
}

interface Clients {
  /** Sends what the round itself needs. */
  readonly control: Pair;
  /** Gets every notification of a change. */
  readonly listener: Pair;
  readonly subscriber: Pair;
  readonly plain: readonly Pair[];
}

export interface RoundOptions {
  readonly sides: Sides;
  readonly random: Random;
  readonly clock: Clock;
  readonly commandsMax: number;
  /** Finds the first step after which the servers hold different data, instead of the last command that shows it. */
  readonly comparesEachStep?: boolean;
}

const clientCount = 3;
const blockedDeadlineMs = 5000;

/** Number of commands that were compared. @throws DifferenceError with the last commands of the round */
export async function runRound(options: RoundOptions): Promise<number> {
  const round = new Round(options, await connectAll(options.sides));
  try {
    await round.run();
  } catch (thrown) {
    if (!(thrown instanceof DifferenceError)) throw thrown;
    thrown.message += `\n  before that:\n    ${round.history.slice(-100).join('\n    ')}`;
    throw thrown;
  } finally {
    await round.close();
  }
  return round.commands;
}

async function connectAll({ real, emulated }: Sides): Promise<Clients> {
  const pair = async (name: string) => new Pair(name, await real.connect(), await emulated.connect());
  const plain: Pair[] = [];
  const control = await pair('control');
  const listener = await pair('listener');
  const subscriber = await pair('subscriber');
  while (plain.length < clientCount) plain.push(await pair(`client ${plain.length}`));
  return { control, listener, subscriber, plain };
}

class Round {
  readonly #sides: Sides;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #commandsMax: number;
  readonly #comparesEachStep: boolean;
  readonly #clients: Clients;
  readonly history: string[] = [];
  commands = 0;

  constructor(
    { sides, random, clock, commandsMax, comparesEachStep = false }: RoundOptions,
    clients: Clients,
  ) {
    this.#sides = sides;
    this.#random = random;
    this.#clock = clock;
    this.#commandsMax = commandsMax;
    this.#comparesEachStep = comparesEachStep;
    this.#clients = clients;
  }

  async run(): Promise<void> {
    await this.#prepare();
    while (this.commands < this.#commandsMax) {
      await this.#step();
      if (this.#comparesEachStep) await compareStates(this.#clients.control);
    }
    await this.#unblockAll();
    await compareStates(this.#clients.control);
  }

  async close(): Promise<void> {
    const { control, listener, plain, subscriber } = this.#clients;
    for (const { real, emulated } of [listener, subscriber, ...plain, control]) {
      emulated.send([['CLIENT', 'REPLY', 'OFF'], ['QUIT']]);
      real.send([['CLIENT', 'REPLY', 'OFF'], ['QUIT']]);
      emulated.close();
      real.close();
    }
    await this.#sides.real.settled();
  }

  async #prepare(): Promise<void> {
    const random = this.#random;
    const { control, listener, plain } = this.#clients;
    const small = () => String(random.integer(2, 8));
    await this.#send(control, [
      ['FLUSHALL'],
      ['FUNCTION', 'FLUSH'],
      ['SCRIPT', 'FLUSH'],
      ['ACL', 'DELUSER', 'alice', 'bob'],
      ['CONFIG', 'SET', 'hash-max-listpack-entries', small(), 'hash-max-listpack-value', '64'],
      ['CONFIG', 'SET', 'set-max-intset-entries', small(), 'zset-max-listpack-entries', small()],
      [
        'CONFIG',
        'SET',
        'zset-max-listpack-value',
        '64',
        'list-max-listpack-size',
        random.pick(['-2', '3', '8']),
      ],
      ['CONFIG', 'SET', 'stream-node-max-entries', small(), 'proto-max-bulk-len', '1048576'],
      ['CONFIG', 'SET', 'hll-sparse-max-bytes', random.pick(['3000', '60'])],
      ['CONFIG', 'SET', 'notify-keyspace-events', random.next() < 0.5 ? 'KEAmn' : ''],
      [
        'CONFIG',
        'SET',
        'maxmemory',
        '0',
        'save',
        '',
        'appendfsync',
        'everysec',
        'slowlog-max-len',
        '128',
        'slowlog-log-slower-than',
        '-1',
      ],
      ['SLOWLOG', 'RESET'],
      ['CONFIG', 'RESETSTAT'],
    ]);
    await this.#send(listener, [['PSUBSCRIBE', '__key*__:*']]);
    for (const client of plain) if (random.next() < 0.4) await this.#send(client, [['HELLO', '3']]);
  }

  async #step(): Promise<void> {
    const free = this.#clients.plain.filter((pair) => !pair.isWaiting && !pair.emulated.isClosed);
    if (free.length === 0) {
      if (this.#clients.plain.every((pair) => pair.emulated.isClosed)) this.commands = this.#commandsMax;
      await this.#unblockAll();
      return;
    }
    const client = this.#random.pick(free);
    const chance = this.#random.next();
    if (chance < 0.05) await this.#transaction(client);
    else if (chance < 0.07) await this.#expiry(client);
    else if (chance < 0.11) await this.#send(client, [blockingCommand(this.#random)]);
    else if (chance < 0.14) await this.#subscription();
    else if (chance < 0.16) await this.#dumpAndRestore(client);
    else await this.#send(client, this.#batch());
  }

  #batch(): Bytes[][] {
    return Array.from({ length: this.#random.pick([1, 1, 2, 3, 5, 8]) }, () => this.#command()).flat();
  }

  #command(): Bytes[][] {
    const chance = this.#random.next();
    if (chance < 0.05) return [serverCommand(this.#random)];
    if (chance < 0.12) return [scriptCall(this.#random)];
    if (chance < 0.14) return [functionCall(this.#random)];
    const words = dataCommand(this.#random);
    // It may make several keys ready at once for a client that waits, and which of them serves it is open.
    if (words[0] === 'swapdb' && this.#clients.plain.some(({ isWaiting }) => isWaiting)) return [['ping']];
    // What was drawn at random differs, so that what is left must not stay.
    return words[0] === 'spop' ? [words, ['del', words[1] ?? '']] : [words];
  }

  async #transaction(client: Pair): Promise<void> {
    const watches = this.#random.next() < 0.5;
    const queued = this.#batch();
    const start: Bytes[][] = [...(watches ? [['watch', 's1', 'l1', 'h1']] : []), ['multi'], ...queued];
    await this.#send(client, start);
    const others = this.#clients.plain.filter(
      (pair) => pair !== client && !pair.isWaiting && !pair.emulated.isClosed,
    );
    if (others.length > 0 && this.#random.next() < 0.4) {
      await this.#send(this.#random.pick(others), [['set', 's1', 'other'], dataCommand(this.#random)]);
    }
    const end = this.#random.next() < 0.9 ? 'exec' : 'discard';
    await this.#send(client, [[end]]);
  }

  /** A key that expires while nobody looks at it, or just before somebody does. */
  async #expiry(client: Pair): Promise<void> {
    const key = this.#random.pick(['s1', 'l1', 'h1', 't1', 'z1', 'x1']);
    await this.#send(client, [['set', 's4', 'soon']]);
    // Keys that are due at the same time expire in no order that is known, so that there is one at a time.
    for (const due of [key, 's4']) {
      // Nothing is compared before both have expired, however slow the machine is.
      const shortly = ['pexpire', due, '15'];
      this.#note(client, [shortly]);
      client.send([{ words: shortly, hasOrder: false }]);
      await client.real.arrived(1, blockedDeadlineMs);
      await this.#clock.sleep(160);
      await this.#send(client, [
        ['exists', due],
        ['type', due],
        ['ttl', due],
      ]);
    }
  }

  /** Each side restores what it dumped itself: the formats differ. */
  async #dumpAndRestore(client: Pair): Promise<void> {
    const key = dataCommand(this.#random)[1] ?? 's1';
    const calls: Call[] = [{ words: ['dump', key], hasOrder: false }];
    client.send(calls);
    const payloads = await client.takeTexts();
    if (payloads === undefined) return;
    const target = `${key.charAt(0)}${this.#random.integer(0, 4)}`;
    const rest = this.#random.pick([
      [],
      ['replace'],
      ['absttl'],
      ['idletime', '5'],
      ['replace', 'freq', '3'],
    ]);
    const ttl = this.#random.pick(['0', '0', '100000']);
    client.sendEach(
      ['restore', target, ttl, payloads.real, ...rest],
      ['restore', target, ttl, payloads.emulated, ...rest],
    );
    await this.#compareAll();
    this.#note(client, [
      ['dump', key],
      ['restore', target, ttl, '(dumped)', ...rest],
    ]);
  }

  async #subscription(): Promise<void> {
    const { subscriber } = this.#clients;
    if (!subscriber.emulated.isClosed) await this.#sendMessages(subscriber, [subscription(this.#random)]);
  }

  async #sendMessages(client: Pair, requests: readonly (readonly Bytes[])[]): Promise<void> {
    this.#note(client, requests);
    client.send(requests.map((words) => ({ words, hasOrder: false })));
    await client.compareMessages();
  }

  async #send(client: Pair, requests: readonly (readonly Bytes[])[]): Promise<void> {
    this.#note(client, requests);
    const isAlone = requests.length === 1;
    const calls = requests.map((words) => ({ words, hasOrder: false }));
    client.send(calls);
    if (isAlone) client.setOrder(this.#hasOrder(requests[0] ?? []));
    await this.#compareAll();
  }

  #note(client: Pair, requests: readonly (readonly Bytes[])[]): void {
    this.commands += requests.length;
    for (const words of requests) this.history.push(`${client.name} ${callText(words)}`);
  }

  /** Whether the order in which Redis gives the members of the key is known. */
  #hasOrder(words: readonly Bytes[]): boolean {
    const { keyspace } = this.#sides.emulated.engine.server;
    return keyspace.databases.every((database) => {
      const encoding = database.entry(words[1] ?? '')?.value.encoding;
      return encoding !== 'hashtable' && encoding !== 'skiplist';
    });
  }

  /** After a step: everybody has got the same. */
  async #compareAll(): Promise<void> {
    const { control, listener, plain, subscriber } = this.#clients;
    for (const client of [...plain, control]) {
      if (client.isWaiting && client.isBlocked) await this.#untilBlocked(client);
    }
    await this.#sides.real.settled();
    for (const client of [control, ...plain]) await client.compare();
    for (const client of [listener, subscriber]) await client.compareMessages();
  }

  /** The emulator's client waits; the real one has to, before anything else is sent. */
  async #untilBlocked(client: Pair): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + blockedDeadlineMs;
    while (!(await this.#sides.real.isBlocked(client.real.id))) {
      if (client.real.replyCount > 0 || client.real.isClosed) return;
      if (this.#clock.monotonicMs() > deadlineMs) return;
      await this.#clock.sleep(1);
    }
  }

  async #unblockAll(): Promise<void> {
    for (const client of this.#clients.plain) {
      if (!client.isWaiting) continue;
      const reason = this.#random.pick(['timeout', 'error']);
      this.#clients.control.sendEach(
        ['client', 'unblock', String(client.real.id), reason],
        ['client', 'unblock', String(client.emulated.id), reason],
      );
      await this.#compareAll();
    }
  }
}
