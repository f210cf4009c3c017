import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { entityTypes, kindOf } from './registry.ts';

describe.each(entityTypes)('the model of %s', (type) => {
  const kind = kindOf(type);

  it('has the same fields for zod and for Mongoose', () => {
    if (!(kind.databaseSchema instanceof z.ZodObject)) throw new TypeError('the schema is an object');
    const paths = new Set(Object.keys(kind.mongooseSchema.paths).map((path) => path.split('.')[0]));
    paths.delete('$*');
    expect([...paths].toSorted()).toEqual(Object.keys(kind.databaseSchema.shape).toSorted());
  });
});
