import { describe, expect, it } from 'vitest';
import { generalKind } from '../models/general.ts';
import { sampleGeneral } from '../testing/sample-entities.ts';
import { entityCodec, listCodec } from './codec.ts';

const codec = entityCodec(generalKind);
const trickyGeneral = sampleGeneral({
  version: 12,
  last_action_at: new Date('2026-01-02T03:04:05.678Z'),
  orders: { 0: 'write "version":99 on the gate', 49: '漢 "}' },
  recent_keys: [{ key: 'k', fingerprint: 'f', result: { no: 7, version: 11, actionCount: 3 } }],
});

describe('entityCodec', () => {
  it('gives back what was encoded, dates as dates', () => {
    expect(codec.decode(codec.encode(trickyGeneral))).toEqual(trickyGeneral);
  });

  it('puts the version where the scripts find it, before any other that a field holds', () => {
    const text = codec.encode({ ...trickyGeneral, name: 'say "version":7' });
    expect(/"version":(\d+)/.exec(text)?.[1]).toBe('12');
  });

  it.each([
    ['no JSON', '{"_id":'],
    ['another type', JSON.stringify({ _id: 's1:c1', session_id: 's1', version: 1 })],
    ['a partial entity', JSON.stringify({ ...trickyGeneral, gold: undefined })],
    ['a field that is not known', JSON.stringify({ ...trickyGeneral, silver: 1 })],
    ['negative gold', JSON.stringify({ ...trickyGeneral, gold: -1 })],
    ['a date that is none', JSON.stringify({ ...trickyGeneral, updated_at: 'yesterday' })],
  ])('takes %s for no value at all', (_what, text) => {
    expect(codec.decode(text)).toBeUndefined();
  });
});

describe('listCodec', () => {
  it('gives back whole lists or nothing', () => {
    const list = listCodec(generalKind);
    expect(list.decode(list.encode([trickyGeneral]))).toEqual([trickyGeneral]);
    expect(list.decode('[{}]')).toBeUndefined();
  });
});
