import { describe, expect, it } from 'vitest';
import { sampleGeneral } from '../testing/sample-entities.ts';
import type { EntityWrite } from './entity-write.ts';
import { decodeEntry, encodeEntry } from './queue-entry.ts';

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
    expect(decoded).toEqual({ entryId: '1-0', savedBy: 'api:1', write });
  });

  it('come back without a fence when there was none', () => {
    const decoded = decodeEntry('1-0', fieldsOf(encodeEntry({ ...write, fence: undefined }, 'api:1')));
    expect(decoded?.write.fence).toBeUndefined();
  });

  it('are recognised as unreadable', () => {
    const good = encodeEntry(write, 'api:1');
    expect(decodeEntry('1-0', [])).toBeUndefined();
    expect(decodeEntry('1-0', ['envelope', 'x', 'document', good.document])).toBeUndefined();
    expect(decodeEntry('1-0', ['envelope', good.envelope, 'document', '{}'])).toBeUndefined();
    const unknownType = good.envelope.replace('"general"', '"troop"');
    expect(decodeEntry('1-0', ['envelope', unknownType, 'document', good.document])).toBeUndefined();
  });
});
