/** SLOWLOG, LATENCY and MEMORY. */
import { findCommand } from '../../acl/command-sets.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { double, map, ok, plainText, type Reply } from '../../reply/reply.ts';
import type { CommandStatistics } from '../../engine/statistics.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';

function slowCommands(context: Context): Reply {
  const { slowLog } = context.server;
  if (context.words.length > 3) throw context.wrongSubcommand();
  const refusal = 'count should be greater than or equal to -1';
  const count = context.words.length === 3 ? context.integer(2, `ERR ${refusal}`) : 10;
  if (count < -1) throw plainError(refusal);
  return slowLog
    .latest(count === -1 ? slowLog.length : count)
    .map((each) => [each.id, each.atSeconds, each.microseconds, each.words, each.address, each.clientName]);
}

/** How many of the last calls took up to so many microseconds, each limit twice the one before. */
function histogramOf({ samples }: CommandStatistics): Reply {
  const buckets: (readonly [Reply, Reply])[] = [];
  let counted = 0;
  for (let limit = 1; counted < samples.length; limit *= 2) {
    const upTo = samples.filter((sample) => sample <= limit).length;
    if (upTo > counted) buckets.push([limit, upTo]);
    counted = upTo;
  }
  return map([
    ['calls', samples.length],
    ['histogram_usec', map(buckets)],
  ]);
}

function histograms({ commands, server, words }: Context): Reply {
  const all = server.statistics.commands();
  const names =
    words.length === 2
      ? [...all.keys()]
      : words.slice(2).flatMap((word) => {
          const command = findCommand(commands, word.toLowerCase());
          return command === undefined
            ? []
            : [command.name, ...[...(command.subcommands?.values() ?? [])].map(({ name }) => name)];
        });
  return map(
    names.flatMap((name) => {
      const statistics = all.get(name);
      return statistics === undefined || statistics.calls === 0
        ? []
        : [[name, histogramOf(statistics)] as const];
    }),
  );
}

function memoryUsage(context: Context): Reply {
  for (let at = 3; at < context.words.length; at += 2) {
    if (context.option(at) !== 'samples' || at + 1 >= context.words.length) throw syntaxError();
    if (context.integer(at + 1) < 0) throw syntaxError();
  }
  return context.database.entry(context.word(2))?.countedBytes ?? null;
}

function memoryStats({ server }: Context): Reply {
  const { keyspace, statistics, usedMemoryBytes } = server;
  const keys = keyspace.databases.reduce((count, database) => count + database.size, 0);
  const peak = Math.max(statistics.peakMemoryBytes, usedMemoryBytes);
  return map([
    ['peak.allocated', peak],
    ['total.allocated', usedMemoryBytes],
    ['startup.allocated', server.startupMemoryBytes],
    ['clients.normal', server.clientMemoryBytes],
    ['aof.buffer', server.persistence?.file?.bufferBytes ?? 0],
    ['lua.caches', server.scripts.memoryBytes],
    ['functions.caches', server.functions.memoryBytes],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(keyspace.memoryBytes / keys)],
    ['dataset.bytes', keyspace.memoryBytes],
    ['dataset.percentage', double((keyspace.memoryBytes / usedMemoryBytes) * 100)],
    ['peak.percentage', double((usedMemoryBytes / peak) * 100)],
  ]);
}

const counted = 'This emulator counts memory and does not allocate it, so that there is nothing to diagnose.';

export const performance: Runs = {
  'latency|doctor': ({ server }) => {
    const events = server.latency.latest();
    if (server.configuration.number('latency-monitor-threshold') === 0) {
      return plainText('Latency monitoring is off: CONFIG SET latency-monitor-threshold turns it on.');
    }
    const lines = events.map(({ event, max }) => `${event}: up to ${max} milliseconds`);
    return plainText(lines.length === 0 ? 'No event took longer than the threshold.' : lines.join('\n'));
  },
  'latency|graph': () => {
    throw plainError('LATENCY GRAPH is not offered by this emulator; use LATENCY HISTORY');
  },
  'latency|help': () =>
    helpText('LATENCY', [
      ['DOCTOR', 'What the log says, in words.'],
      ['HISTOGRAM [<command> ...]', 'How long the last calls of commands took.'],
      ['HISTORY <event>', 'Times and durations of an event.'],
      ['LATEST', 'The last of each event.'],
      ['RESET [<event> ...]', 'Empties the log.'],
    ]),
  'latency|histogram': histograms,
  'latency|history': (context) =>
    context.server.latency
      .samples(context.word(2))
      .map(({ atSeconds, milliseconds }) => [atSeconds, milliseconds]),
  'latency|latest': ({ server }) =>
    server.latency
      .latest()
      .map(({ event, max, sample }) => [event, sample.atSeconds, sample.milliseconds, max]),
  'latency|reset': ({ server, words }) => server.latency.reset(words.slice(2)),
  'memory|doctor': () => plainText(counted),
  'memory|help': () =>
    helpText('MEMORY', [
      ['DOCTOR', 'Nothing: memory is counted, not allocated.'],
      ['MALLOC-STATS', 'Nothing, for the same reason.'],
      ['PURGE', 'Does nothing, for the same reason.'],
      ['STATS', 'What memory is used for.'],
      ['USAGE <key> [SAMPLES <count>]', 'What a key is counted with.'],
    ]),
  'memory|malloc-stats': () => 'Stats not supported for the current allocator',
  'memory|purge': () => ok,
  'memory|stats': memoryStats,
  'memory|usage': memoryUsage,
  'slowlog|get': slowCommands,
  'slowlog|help': () =>
    helpText('SLOWLOG', [
      ['GET [<count>]', 'The last commands that were slow; 10 unless given, all of them for -1.'],
      ['LEN', 'How many there are.'],
      ['RESET', 'Empties the log.'],
    ]),
  'slowlog|len': ({ server }) => server.slowLog.length,
  'slowlog|reset': ({ server }) => {
    server.slowLog.clear();
    return ok;
  },
};
