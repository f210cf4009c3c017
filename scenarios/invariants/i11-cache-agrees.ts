/**
 * I11: cache and database agree once the queues drained: every entity, and every list, still cached in Redis equals the documents that its key names.
 * Mongoose's own `__v` is no field of the entity.
 */
import { cacheAgrees as cacheAgreesRule, type CacheKey } from '../../reports/checkers/cache-agrees.ts';
import { type EntityCollection, entityName } from './document-names.ts';

const kinds: Readonly<Record<string, EntityCollection>> = {
  city: 'cities',
  general: 'generals',
  nation: 'nations',
};

function keys(key: string): CacheKey | null {
  const [kind = '', form, session = '', ...rest] = key.split(':');
  const named = rest.join(':');
  const collection = kinds[kind];
  if (kind === 'session' && form === 'byId') return { collection: 'sessions', name: session };
  if (collection !== undefined && (form === 'byId' || form === 'byNo')) {
    // A general is named by his `_id`, others by their number.
    const name = rest.length > 1 ? named : entityName(collection, session, named);
    return { collection, name };
  }
  if (!['cities', 'generals', 'nations'].includes(kind)) return null;
  if (form === 'list') return { collection: kind, holds: (document) => document['session_id'] === session };
  if (form !== 'nation') return null;
  const nation = Number(named);
  return {
    collection: kind,
    holds: (document) => document['session_id'] === session && document['nation'] === nation,
  };
}

export const cacheAgrees = cacheAgreesRule({
  invariant: 'I11',
  title: 'Cache and database agree',
  keys,
  patterns: ['*:byId:*', '*:byNo:*', '*:list:*', '*:nation:*'],
  ignoredFields: ['__v'],
});
