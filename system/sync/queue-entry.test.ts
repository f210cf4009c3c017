import { describe, expect, it } from 'vitest';
import type { General } from '../models/general.ts';
import { sampleGeneral } from '../testing/sample-entities.ts';
import type { EntityWrite } from './entity-write.ts';
import { decodeEntry, encodeEntry, isQueueable } from './queue-entry.ts';

const write: EntityWrite = {
  type: 'general',
  document: sampleGeneral({ version: 2, write_id: 'w' }),
  base: { version: 1, writeId: 'first' },
  fence: 4,
  lists: ['generals:list:s1'],
};

function fieldsOf(entry: { envelope: string; document: string }) {
  return ['envelope', entry.envelope, 'document', entry.document];
}

describe('queue entries', () => {
  it('come back as they went in', () => {
    const decoded = decodeEntry('1-0', fieldsOf(encodeEntry(write, 'api:1')));
    expect(decoded).toEqual({ kind: 'write', queued: { entryId: '1-0', savedBy: 'api:1', write } });
  });

  it('come back without a fence when there was none', () => {
    const decoded = decodeEntry('1-0', fieldsOf(encodeEntry({ ...write, fence: undefined }, 'api:1')));
    expect(decoded).toMatchObject({ kind: 'write', queued: { write: { fence: undefined } } });
  });

  it('are recognised as unreadable', () => {
    const good = encodeEntry(write, 'api:1');
    const anonymous = { kind: 'unreadable', author: undefined };
    expect(decodeEntry('1-0', [])).toEqual(anonymous);
    expect(decodeEntry('1-0', ['envelope', 'x', 'document', good.document])).toEqual(anonymous);
    expect(decodeEntry('1-0', ['envelope', good.envelope, 'document', '{}'])).toEqual(anonymous);
  });

  it('name their author when they are of a newer release, so that it hears of it', () => {
    const good = encodeEntry(write, 'api:1');
    const theirs = { kind: 'unreadable', author: { savedBy: 'api:1', writeId: 'w' } };
    const newType = good.envelope.replace('"general"', '"troop"');
    expect(decodeEntry('1-0', ['envelope', newType, 'document', good.document])).toEqual(theirs);
    const newField = good.document.replace('{', '{"rank":1,');
    expect(decodeEntry('1-0', ['envelope', good.envelope, 'document', newField])).toEqual(theirs);
  });

  it('are only made of documents all of whose fields are known', () => {
    expect(isQueueable(write)).toBe(true);
    const document = { ...write.document, rank: new Date() };
    expect(isQueueable({ ...write, document })).toBe(false);
    const nested = sampleGeneral();
    const recent = { key: 'k', fingerprint: 'f', result: { no: 1, version: 1, actionCount: 1, at: 'now' } };
    expect(isQueueable({ ...write, document: { ...nested, recent_keys: [recent] } as General })).toBe(false);
  });
});
