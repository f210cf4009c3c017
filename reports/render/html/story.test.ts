import { expect, it } from 'vitest';
import { operationSchema, type Operation } from '../../history/operation.ts';
import { syntheticCell } from '../../testing/synthetic-report.ts';
import { operationName, tracedCommandSchema, type Trace } from '../../trace/trace.ts';
import { storyOf } from './story.ts';

const { cell } = syntheticCell({ scenario: 'turns', fault: 'none', seconds: 12, ratePerSecond: 5 });
const operation = (process: number, f: string): Operation =>
  operationSchema.parse({
    process,
    f,
    type: 'ok',
    value: {},
    intendedMs: cell.loadStartMs + 1_000,
    startedMs: cell.loadStartMs + 1_000,
    endedMs: cell.loadStartMs + 1_100,
  });
const own = operation(300_000, 'pay');
const other = operation(400_000, 'look');

function traceOf(...causes: (Operation | null)[]): Trace {
  return {
    head: { traceVersion: 1, fromMs: 0, toMs: 1, dropped: [], proxies: {} },
    commands: causes.map((cause, index) =>
      tracedCommandSchema.parse({
        proxy: 'redis-of-api-1',
        connection: 1,
        protocol: 'redis',
        command: 'SET',
        target: `key:${index}`,
        arguments: [`key:${index}`, '1'],
        // A late effect, long after the client had its answer.
        startedMs: own.endedMs + 5_000,
        endedMs: own.endedMs + 5_001,
        streamOffset: 0,
        requestBytes: 20,
        replyBytes: 5,
        reply: 'OK',
        ...(cause === null ? {} : { operation: operationName(cause) }),
      }),
    ),
  };
}

it('shows the commands that the operations of a witness caused, whatever they name and whenever they came', () => {
  const witness = { summary: 'paid twice', operations: [], facts: {} };
  const story = storyOf(cell, witness, [own], [other], traceOf(own, other, null));
  const commands = story?.events.filter(({ kind }) => kind === 'command') ?? [];
  expect(commands).toMatchObject([{ label: 'SET key:0', caused: true, mine: false }]);
  expect(commands[0]?.detail).toContainEqual(['caused by', 'pay of client 3']);
  expect(story?.tie).toContain('by what the processes noted');
});

it('says that it is not known where no process noted anything', () => {
  const witness = { summary: 'paid twice', operations: [], facts: {} };
  const story = storyOf(cell, witness, [own], [other], traceOf(null));
  expect(story?.events.filter(({ kind }) => kind === 'command')).toEqual([]);
  expect(story?.tie).toContain('which request caused them is not known');
});
