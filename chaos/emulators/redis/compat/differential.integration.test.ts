/** The campaign's first rounds. Without a redis-server on this machine there is nothing to compare with, and the tests are skipped. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../../clock.ts';
import { seededRandom, type Random } from '../../../random.ts';
import { cacheFolder } from '../../../setup/own-files.mjs';
import { findRedisProgram } from '../../../setup/redis-program.mjs';
import type { Bytes } from '../bytes/byte-string.ts';
import { EmulatedSide } from './emulated-side.ts';
import { KnownFaultError } from './pair.ts';
import { RealSide } from './real-side.ts';
import { runRound } from './round.ts';
import type { SideConnection } from './side.ts';
import { replyText } from './wire-reply.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const program = findRedisProgram({ cacheFolder, environment: process.env });
const isMissing = !program.found;

async function bothSides() {
  if (!program.found) throw new TypeError(program.reason);
  const real = await RealSide.start(program);
  return { real, emulated: new EmulatedSide({ clock: systemClock }) };
}

it.skipIf(isMissing)('answers random commands as redis-server does (needs redis-server)', async () => {
  const sides = await bothSides();
  await using real = sides.real;
  using emulated = sides.emulated;
  let commands = 0;
  for (let round = 0; round < 8; round += 1) {
    const random = seededRandom(`test/${round}`);
    try {
      commands += await runRound({ sides: { real, emulated }, clock: systemClock, random, commandsMax: 250 });
    } catch (thrown) {
      if (!(thrown instanceof KnownFaultError)) throw thrown;
    }
  }
  expect(commands).toBeGreaterThan(1000);
});

/** Scripts of this repository, with state and arguments at random. */
const scripts = globSync('{chaos,scenarios,system}/**/*.lua', { cwd: root });

it.skipIf(isMissing)(
  'runs every Lua script of this repository as redis-server does (needs redis-server)',
  async () => {
    expect(scripts.length).toBeGreaterThan(0);
    const sides = await bothSides();
    await using real = sides.real;
    using emulated = sides.emulated;
    const connections = [await real.connect(), await emulated.connect()];
    for (const script of scripts) {
      const text = readFileSync(path.join(root, script), 'latin1');
      const random = seededRandom(script);
      for (let call = 0; call < 150; call += 1) {
        const requests =
          call % 25 === 0 ? [['flushall'], ...preparation(random)] : [preparation(random)[0] ?? ['ping']];
        requests.push(['eval', text, ...argumentsAtRandom(random)]);
        const both = async (sent: readonly (readonly Bytes[])[]): Promise<string[][]> =>
          Promise.all(connections.map((connection) => answers(connection, sent)));
        const replies = await both(requests);
        // A small number may have been taken for a TTL in milliseconds.
        await systemClock.sleep(numberMax + 4);
        const data = await both(observations);
        const [expected, actual] = [0, 1].map((side) => [...(replies[side] ?? []), ...(data[side] ?? [])]);
        expect(actual, `${script}, call ${call}: ${JSON.stringify(requests)}`).toEqual(expected);
      }
    }
  },
);

const numberMax = 6;
const entries = ['e:1', 'e:2', 'e:3'];
const streams = ['q:1', 'q:2'];
const observations: Bytes[][] = [
  ['mget', ...entries, ...entries.map((key) => `lease:${key}`)],
  ...streams.flatMap((key) => [
    ['xrange', key, '-', '+'],
    ['xpending', key, 'g'],
  ]),
];

function preparation(random: Random): Bytes[][] {
  const entry = random.pick(entries);
  const stream = random.pick(streams);
  const id = `${random.integer(1, 30)}-1`;
  const steps: Bytes[][] = [
    ['set', entry, document(random)],
    ['set', `lease:${entry}`, random.pick(['t1', 't2'])],
    ['xgroup', 'create', stream, 'g', '0', 'mkstream'],
    ['xadd', stream, id, 'document', document(random)],
    ['xreadgroup', 'group', 'g', random.pick(['c1', 'c2']), 'count', '3', 'streams', stream, '>'],
    ['xgroup', 'createconsumer', stream, 'g', random.pick(['c1', 'c2', 'c3'])],
    ['config', 'set', 'maxmemory', random.pick(['0', '0', '1'])],
    ['config', 'set', 'maxmemory', '0'],
    ['del', entry],
  ];
  const first = random.integer(0, steps.length - 1);
  return [...steps.slice(first), ...steps.slice(0, first)];
}

function document(random: Random): Bytes {
  return random.pick([
    `{"id":1,"version":${random.integer(0, 5)}}`,
    '{"id":1}',
    'no document',
    '{"version":007}',
  ]);
}

function argumentsAtRandom(random: Random): Bytes[] {
  const keys = Array.from({ length: random.integer(1, 4) }, (_, index) =>
    index === 0 && random.next() < 0.7
      ? random.pick(streams)
      : random.pick([...entries, ...entries, ...streams]),
  );
  const given = Array.from({ length: random.integer(3, 9) }, () =>
    random.pick([
      String(random.integer(0, numberMax)),
      String(random.integer(1, 3)),
      't1',
      't2',
      'g',
      'c1',
      'applied',
      'refused',
      '60000',
      `${random.integer(1, 30)}-1`,
      document(random),
      '',
    ]),
  );
  return [String(keys.length), ...keys, ...given];
}

/** Numbers that XADD draws from the clock are hidden. */
async function answers(
  connection: SideConnection,
  requests: readonly (readonly Bytes[])[],
): Promise<string[]> {
  connection.send(requests);
  await connection.arrived(requests.length, 10_000);
  return connection.take().map((reply) => replyText(reply).replaceAll(/\d{13}-\d+/g, 'now'));
}
