import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../bson/compare.ts';
import { encodeDocument } from '../bson/encode.ts';
import { MongoError } from '../errors.ts';
import type { StorageEngine, StorageTransaction } from './contract.ts';
import { WriteConflictError } from './errors.ts';
import { engineWith, namespace, put, readAll, readIndex, remove } from './testing/engine-fixture.ts';
import {
  type ModelDocument,
  type ModelTransaction,
  StorageModel,
  withinRange,
  type WriteOutcome,
} from './testing/storage-model.ts';

/** Programs to run; `STORAGE_MODEL_PROGRAMS` for more. */
const programs = Number(process.env['STORAGE_MODEL_PROGRAMS'] ?? 500);

const slot = fc.nat(3);
const id = fc.nat(5);
const scalar = fc.oneof(fc.nat(4), fc.constantFrom<unknown>(null, 'x', 1.5));
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { minLength: 1, maxLength: 3 }));

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('put' as const), slot, id, a: value, u: fc.option(fc.nat(5)) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), slot, id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), slot }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('check' as const), slot, lower: scalar, upper: scalar }),
  },
);

interface Session {
  readonly transaction: StorageTransaction;
  readonly model: ModelTransaction;
}

function outcomeOf(write: () => void): WriteOutcome {
  try {
    write();
    return 'written';
  } catch (error) {
    if (error instanceof WriteConflictError) return 'conflict';
    if (error instanceof MongoError && error.code === 11000) return 'duplicate';
    throw error;
  }
}

function byId(a: ModelDocument, b: ModelDocument): number {
  return a._id - b._id;
}

function idsOf(documents: readonly Record<string, unknown>[]): unknown[] {
  return documents.map((document) => document['_id']).toSorted(compareValues);
}

/** True when each document's `a` comes before or with that of the next. */
function isOrdered(documents: readonly Record<string, unknown>[], direction: number): boolean {
  return documents.every(
    (document, index) =>
      index === 0 || direction * compareValues(documents[index - 1]?.['a'], document['a']) <= 0,
  );
}

function checkReads({ transaction, model }: Session, lower: unknown, upper: unknown): void {
  const view = [...model.view().values()].toSorted(byId);
  const scanned = readAll(transaction).toSorted((a, b) => compareValues(a['_id'], b['_id']));
  expect(scanned).toEqual(view);
  const expected = withinRange(view, lower, upper);
  const isPlain = expected.every((document) => !Array.isArray(document.a));
  for (const [name, direction] of Object.entries({ a_1: 1, 'a_-1': -1 })) {
    const range = { lower: [lower], upper: [upper] };
    const found = readIndex(transaction, name, range);
    const backwards = readIndex(transaction, name, { ...range, reverse: true });
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(idsOf(backwards)).toEqual(idsOf(expected));
    expect(isPlain && !(isOrdered(found, direction) && isOrdered(backwards, -direction))).toBe(false);
  }
}

/** When nothing is in progress, an index holds the entries of what is committed and nothing else. */
function expectedStatistics(model: StorageModel): ReturnType<StorageEngine['statistics']> {
  const documents = [...model.committed.values()];
  const entries = documents.flatMap((document) =>
    Array.isArray(document.a) ? [...new Set(document.a)] : [document.a],
  );
  return {
    documents: documents.length,
    bytes: documents.reduce((sum, document) => sum + encodeDocument(document).length, 0),
    indexes: {
      _id_: documents.length,
      a_1: entries.length,
      'a_-1': entries.length,
      u_1: documents.filter((document) => document.u !== undefined).length,
    },
  };
}

describe('the storage engine', () => {
  it('does what the model of snapshot isolation does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        await using engine = await engineWith(
          [],
          [{ key: { a: 1 } }, { key: { a: -1 } }, { key: { u: 1 }, unique: true, sparse: true }],
        );
        const model = new StorageModel();
        const sessions = new Map<number, Session>();
        for (const next of steps) {
          const session = sessions.get(next.slot) ?? { transaction: engine.begin(), model: model.begin() };
          sessions.set(next.slot, session);
          if (next.do === 'commit' || next.do === 'abort') {
            session.transaction[next.do]();
            model[next.do](session.model);
            sessions.delete(next.slot);
          } else if (next.do === 'check') {
            checkReads(session, next.lower, next.upper);
          } else {
            const document =
              next.do === 'remove'
                ? undefined
                : { _id: next.id, a: next.a, ...(next.u === null ? {} : { u: next.u }) };
            if (document === undefined && !session.model.view().has(next.id)) continue;
            const allowed = model.outcomes(session.model, next.id, document);
            const outcome = outcomeOf(() => {
              if (document === undefined) remove(session.transaction, next.id);
              else put(session.transaction, document);
            });
            if (!allowed.has(outcome)) throw new Error(`${outcome} instead of ${[...allowed].join(' or ')}`);
            if (outcome === 'written') session.model.write(next.id, document);
          }
        }
        for (const session of sessions.values()) {
          checkReads(session, null, 'x');
          session.transaction.commit();
          model.commit(session.model);
        }
        checkReads({ transaction: engine.begin(), model: model.begin() }, null, 'x');
        expect(engine.statistics(namespace)).toEqual(expectedStatistics(model));
      }),
      { numRuns: programs },
    );
  });
});
