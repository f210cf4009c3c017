/** dropIndexes: removes indexes by name, by key, or all but that of `_id`. */
import { MongoError, locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import type { IndexSpec } from '../storage/contract.ts';
import { describeIndex } from '../storage/index-description.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { changeCatalogue } from './catalogue-change.ts';
import type { Command } from './command.ts';
import { findIndex } from './index-lookup.ts';

export const dropIndexes: Command = {
  name: 'dropIndexes',
  aliases: ['deleteIndexes'],
  kind: 'write',
  refusesViews: true,
  inTransaction: false,
  writeConcern: true,
  fields: ['index'],
  run: async (operation) => {
    const { namespace, server } = operation;
    const collection = server.engine.collection(namespace);
    if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns not found ${namespace}`);
    const { indexes, options } = collection;
    const wanted = operation.body['index'];
    checkWanted(wanted);
    const clustered = options['clusteredIndex'];
    if (clustered !== undefined && namesIdIndex(wanted, clustered)) {
      throw locationError(5_979_800, 'It is illegal to drop the clusteredIndex');
    }
    const names = namesOf(wanted, indexes);
    for (const name of names) {
      const index = indexes.find((candidate) => candidate.name === name);
      const description = index === undefined ? {} : { indexes: [describeIndex(index)] };
      await changeCatalogue(operation, () => server.engine.dropIndex(namespace, name), [
        { kind: 'dropIndexes', namespace, before: undefined, after: undefined, description },
      ]);
    }
    return {
      nIndexesWas: indexes.length - (clustered === undefined ? 0 : 1),
      ...(operation.body['index'] === '*' ? { msg: 'non-_id indexes dropped for collection' } : {}),
    };
  },
};

/** @throws MongoError 40414, TypeMismatch. */
function checkWanted(wanted: unknown): void {
  if (wanted === undefined) {
    throw locationError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
  }
  const isKnown = Array.isArray(wanted)
    ? wanted.every((name) => typeof name === 'string')
    : typeof wanted === 'string' || isDocument(wanted);
  if (isKnown) return;
  throw new MongoError(
    'TypeMismatch',
    `BSON field 'dropIndexes.index' is the wrong type '${typeNameOf(wanted)}', expected types '[string, array<string>, object]'`,
  );
}

function namesIdIndex(wanted: unknown, clustered: unknown): boolean {
  const name = isDocument(clustered) ? clustered['name'] : '_id_';
  return wanted === name || (isDocument(wanted) && Object.keys(wanted).join() === '_id');
}

function namesOf(wanted: unknown, indexes: readonly IndexSpec[]): string[] {
  if (wanted === '*') return indexes.map(({ name }) => name).filter((name) => name !== '_id_');
  if (Array.isArray(wanted)) return wanted.flatMap((name: unknown) => namesOf(name, indexes));
  const found = findIndex(indexes, wanted);
  if (found === undefined) {
    throw new MongoError(
      'IndexNotFound',
      typeof wanted === 'string'
        ? `index not found with name [${wanted}]`
        : `can't find index with key: ${shellText(wanted)}`,
    );
  }
  if (found.name === '_id_') throw new MongoError('InvalidOptions', 'cannot drop _id index');
  return [found.name];
}
