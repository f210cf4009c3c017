import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDocument } from '../bson/encode.ts';
import { CurrentVersions } from './current-versions.ts';

const recordId = fc.integer({ min: 1, max: 700 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), recordId, size: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), recordId }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clear' as const), recordId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      recordId,
      size: fc.integer({ min: 1000, max: 100_000 }),
    }),
  },
);

describe('CurrentVersions', () => {
  it('gives back what was put last, and leaves views given out before as they were', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), (steps) => {
        const versions = new CurrentVersions();
        const model = new Map<number, { timestamp: number; bytes: Buffer | undefined }>();
        const views: { view: Buffer; expected: Buffer }[] = [];
        for (const [index, next] of steps.entries()) {
          const timestamp = index + 1;
          if (next.do === 'put') {
            const bytes = Buffer.from(encodeDocument({ index, text: 'x'.repeat(next.size) }));
            versions.put(next.recordId, bytes, timestamp);
            model.set(next.recordId, { timestamp, bytes });
            const view = versions.bytes(next.recordId);
            if (view !== undefined) views.push({ view, expected: bytes });
          } else if (next.do === 'remove' && model.has(next.recordId)) {
            versions.remove(next.recordId, timestamp);
            model.set(next.recordId, { timestamp, bytes: undefined });
          } else if (next.do === 'clear') {
            versions.clear(next.recordId);
            model.delete(next.recordId);
          }
        }
        for (let id = 0; id <= 701; id += 1) {
          const expected = model.get(id);
          expect(versions.timestamp(id)).toBe(expected?.timestamp ?? 0);
          expect(versions.has(id)).toBe(expected?.bytes !== undefined);
          expect(versions.bytes(id)?.equals(expected?.bytes ?? Buffer.alloc(0)) ?? 'none').toBe(
            expected?.bytes === undefined ? 'none' : true,
          );
        }
        expect([...versions.recordIds(0, versions.nextRecordId)]).toEqual(
          [...model.keys()].toSorted((a, b) => a - b),
        );
        expect(views.every(({ view, expected }) => view.equals(expected))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
