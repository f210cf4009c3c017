import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseStored } from '../database/stored.ts';
import { sampleGeneral } from '../testing/sample-entities.ts';
import { generalKind } from './general.ts';
import { entityTypes, kindOf } from './registry.ts';

describe.each(entityTypes)('the model of %s', (type) => {
  const kind = kindOf(type);

  it('has the same fields for zod and for Mongoose', () => {
    if (!(kind.databaseSchema instanceof z.ZodObject)) throw new TypeError('the schema is an object');
    const paths = new Set(Object.keys(kind.mongooseSchema.paths).map((path) => path.split('.')[0]));
    paths.delete('$*');
    expect([...paths].toSorted()).toEqual(Object.keys(kind.databaseSchema.shape).toSorted());
  });

  it('names every date of its own, so that the cache gives them back as dates', () => {
    if (!(kind.databaseSchema instanceof z.ZodObject)) throw new TypeError('the schema is an object');
    const fields: Record<string, z.ZodType> = kind.databaseSchema.shape;
    const dates = Object.keys(fields).filter((name) => fields[name]?.safeParse(new Date(0)).success);
    expect(dates).toEqual([...kind.dateFields]);
  });
});

describe('a document of a newer release', () => {
  const parse = (document: unknown) => parseStored(generalKind.databaseSchema, 'generals', document);
  const newer = { ...sampleGeneral(), promoted_at: new Date(0) };

  it('is read with its unknown fields, and is known to have them', () => {
    expect(parse(newer)).toEqual(newer);
    expect(generalKind.knowsFields(newer)).toBe(false);
    expect(generalKind.knowsFields(sampleGeneral())).toBe(true);
  });

  it('is damaged all the same when a field that is known does not fit', () => {
    const damaged = { ...newer, gold: 'much' };
    expect(() => parse(damaged)).toThrow(/s1:g7 of generals is damaged, gold: /);
  });
});
