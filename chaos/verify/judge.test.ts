import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preserved } from '../../reports/checkers/preserved.ts';
import { counted } from '../../reports/checkers/tally.ts';
import { evidence, operation } from '../../reports/testing/literal.ts';
import { exitOfCases, judgeCase, renderCases } from './judge-cases.ts';
import { mutate, renderMutations, shareNoticed } from './judge-mutations.ts';

const items = [
  { _id: 'a', name: 'chair', units: 1 },
  { _id: 'b', name: 'table', units: 0 },
];
const checkers = [
  preserved({ collections: { items: { identity: ['name'] } } }),
  counted({
    operations: { f: 'add' },
    key: 'id',
    final: ({ database }) =>
      new Map((database['items'] ?? []).map((one) => [String(one['_id']), Number(one['units'])])),
  }),
];
const record = {
  history: [operation(1, 'add', 'ok', { id: 'a' }, [0, 5])],
  evidence: evidence({ initial: { items }, database: { items } }),
};

describe('cases', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redcliff-cases-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function fileOf(value: unknown): Promise<string> {
    const file = join(folder, 'case.json');
    await writeFile(file, JSON.stringify(value));
    return file;
  }

  it('names those that are judged otherwise than wanted', async () => {
    const { fault, ...older } = record.evidence;
    const one = { name: 'a chair', invariant: 'counted', why: 'it was added', history: record.history };
    const right = await judgeCase(
      await fileOf({ ...one, wanted: 'true', evidence: record.evidence }),
      checkers,
    );
    const wrong = await judgeCase(
      await fileOf({ ...one, wanted: 'false', evidence: { ...older, outage: fault } }),
      checkers,
    );
    expect(exitOfCases([right])).toBe(0);
    expect(exitOfCases([right, wrong])).toBe(1);
    expect(renderCases([right, wrong]).split('\n')).toEqual([
      'a chair: counted is true and should be false',
      '  1 acknowledged operations on 1 keys are counted once each',
      '  wanted because: it was added',
      '1 of 2 cases are judged as wanted',
    ]);
  });

  it('refuses what is no case by the name of the field', async () => {
    const one = { invariant: 'counted', wanted: 'true', history: [], evidence: record.evidence };
    await expect(judgeCase(await fileOf({ ...one, wanted: 'yes' }), checkers)).rejects.toThrow(/wanted/);
    await expect(judgeCase(await fileOf({ ...one, invariant: 'I99' }), checkers)).rejects.toThrow(
      /no invariant I99/,
    );
    await expect(judgeCase(await fileOf({ ...one, evidence: {} }), checkers)).rejects.toThrow(/evidence\./);
    await expect(judgeCase(join(folder, 'none.json'), checkers)).rejects.toThrow(/ENOENT/);
  });
});

describe('changes of valid records', () => {
  const options = { records: [record], checkers, samples: 9, seed: '1' };

  it('says which no invariant notices, and leaves out what is declared', () => {
    const tallies = mutate({ ...options, notJudged: { 'answer *': 'nobody looks' } });
    expect(tallies.filter(({ noticed, tried }) => noticed < tried).map(({ place }) => place)).toEqual([]);
    expect(tallies.map(({ place }) => place)).toContain('items: a document dropped');
    expect(shareNoticed(tallies)).toBe(1);
    const blind = mutate({ ...options, checkers: checkers.slice(0, 1), notJudged: {} });
    expect(blind.find(({ place }) => place === 'items.units')).toMatchObject({ noticed: 0, tried: 4 });
    expect(renderMutations(blind)).toContain('| items.units | 0 of 4 |  |');
  });

  it('refuses a record that is accused as it is', () => {
    const wrong = { ...record, history: [] };
    expect(() => mutate({ ...options, records: [wrong], notJudged: {} })).toThrow(
      /record 1 is not valid: counted/,
    );
  });
});
