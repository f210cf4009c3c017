/** HyperLogLogs: approximate counts of different elements, kept in strings. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { CommandError, plainError } from '../../errors.ts';
import { ok, status, type Reply } from '../../reply/reply.ts';
import { StringValue } from '../../values/string-value.ts';
import type { Context } from '../context.ts';
import { commandFamily } from '../family.ts';
import { cardinality, hitOf, registerCount } from './registers.ts';
import { Sketch } from './sketch.ts';
import { hyperloglogsTable } from './table.ts';

function sketchOf(value: StringValue): Sketch {
  const sketch = value.encoding === 'int' ? 'not one' : Sketch.read(value.bytes);
  if (sketch === 'not one') throw new CommandError('WRONGTYPE Key is not a valid HyperLogLog string value.');
  if (sketch === 'corrupt') throw new CommandError('INVALIDOBJ Corrupted HLL object detected');
  return sketch;
}

function store(context: Context, key: Bytes, sketch: Sketch): void {
  context.server.keyspace.overwrite(context.database, key, new StringValue(sketch.write(), 'raw'));
}

function sparseBytesMax({ server }: Context): number {
  return server.configuration.number('hll-sparse-max-bytes');
}

function pfadd(context: Context): Reply {
  const key = context.word(1);
  const value = context.write('string', key);
  const sketch = value === undefined ? Sketch.empty() : sketchOf(value);
  let changes = value === undefined ? 1 : 0;
  for (const element of context.words.slice(2)) {
    const { index, run } = hitOf(element);
    if (sketch.raise(index, run, sparseBytesMax(context))) changes += 1;
  }
  if (changes === 0) return 0;
  sketch.invalidateCount();
  store(context, key, sketch);
  context.changed(key, changes);
  context.notify('string', 'pfadd', key);
  return 1;
}

/** The highest of each register, and whether one of the sketches is dense. */
function union(context: Context, keys: readonly Bytes[]): { registers: Uint8Array; hasDense: boolean } {
  const registers = new Uint8Array(registerCount);
  let hasDense = false;
  for (const key of keys) {
    const value = context.read('string', key);
    if (value === undefined) continue;
    const sketch = sketchOf(value);
    hasDense ||= sketch.encoding === 'dense';
    sketch.registers().forEach((run, index) => {
      if (run > (registers[index] ?? 0)) registers[index] = run;
    });
  }
  return { registers, hasDense };
}

function pfcount(context: Context): Reply {
  if (context.words.length > 2) return cardinality(union(context, context.words.slice(1)).registers);
  const key = context.word(1);
  const value = context.read('string', key);
  if (value === undefined) return 0;
  const sketch = sketchOf(value);
  const cached = sketch.cachedCount;
  if (cached !== undefined) return cached;
  const count = BigInt(cardinality(sketch.registers()));
  sketch.keepCount(count);
  store(context, key, sketch);
  // The count is kept in the value, so that a command which reads changes it.
  context.changed(key);
  return count;
}

function pfmerge(context: Context): Reply {
  const { registers, hasDense } = union(context, context.words.slice(1));
  const key = context.word(1);
  const value = context.write('string', key);
  const sketch = value === undefined ? Sketch.empty() : sketchOf(value);
  if (hasDense) sketch.toDense();
  registers.forEach((run, index) => {
    if (run > 0) sketch.raise(index, run, sparseBytesMax(context));
  });
  sketch.invalidateCount();
  store(context, key, sketch);
  context.changed(key);
  context.notify('string', 'pfadd', key);
  return ok;
}

function pfdebug(context: Context): Reply {
  const key = context.word(2);
  const value = context.write('string', key);
  if (value === undefined) throw plainError('The specified key does not exist');
  const sketch = sketchOf(value);
  const wasSparse = sketch.encoding === 'sparse';
  switch (context.option(1)) {
    case 'getreg':
    case 'todense': {
      if (wasSparse) {
        sketch.toDense();
        store(context, key, sketch);
        context.server.dirty += 1;
      }
      return context.option(1) === 'todense' ? Number(wasSparse) : [...sketch.registers()];
    }
    case 'decode':
      if (!wasSparse) throw plainError('HLL encoding is not sparse');
      return sketch.runs.map(describeRun).join(' ');
    case 'encoding':
      return status(sketch.encoding);
    default:
      throw plainError(`Unknown PFDEBUG subcommand '${untilNul(context.word(1))}'`);
  }
}

function describeRun({ value, length }: { readonly value: number; readonly length: number }): string {
  if (value > 0) return `v:${value},${length}`;
  return length > 64 ? `Z:${length}` : `z:${length}`;
}

/** Fewer elements than Redis takes: both encodings have to agree, and to be about right. */
function selfTest(): Reply {
  const dense = Sketch.empty();
  dense.toDense();
  const sparse = Sketch.empty();
  let checkpoint = 1;
  for (let count = 1; count <= 10_000; count += 1) {
    const { index, run } = hitOf(String(count));
    dense.raise(index, run, 0);
    sparse.raise(index, run, 3000);
    if (count !== checkpoint) continue;
    checkpoint *= 10;
    const estimate = cardinality(dense.registers());
    if (estimate !== cardinality(sparse.registers()))
      throw new CommandError('TESTFAILED dense/sparse disagree');
    const error = Math.abs(estimate - count);
    if (error > Math.max(1, (6 * 1.04 * count) / Math.sqrt(registerCount))) {
      throw new CommandError(`TESTFAILED Too big error. card:${count} abserr:${error}`);
    }
  }
  return ok;
}

export const hyperloglogs = commandFamily('hyperloglog', hyperloglogsTable, {
  pfadd,
  pfcount,
  pfmerge,
  pfdebug,
  pfselftest: selfTest,
});
