/** drop: removes a collection. One that is not there is no error, as in MongoDB 7. */
import type { Command } from './command.ts';
import { changeCatalogue } from './catalogue-change.ts';
import { isViewOptions } from './views.ts';

export const drop: Command = {
  name: 'drop',
  kind: 'write',
  inTransaction: false,
  writeConcern: true,
  fields: ['collectionUUID'],
  run: async (operation) => {
    const { namespace, server } = operation;
    const known = server.engine.collection(namespace);
    if (known === undefined) return {};
    await changeCatalogue(operation, () => server.engine.dropCollection(namespace), [
      { kind: 'drop', namespace, before: undefined, after: undefined, uuid: known.uuid },
    ]);
    server.cursors.failCollection(namespace, `collection dropped: ${namespace}`);
    return isViewOptions(known.options)
      ? { ns: namespace }
      : { nIndexesWas: known.indexes.length, ns: namespace };
  },
};
