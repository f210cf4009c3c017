/** All commands. */
import { acl } from './acl/family.ts';
import { bitmaps } from './bitmaps/family.ts';
import { cluster } from './cluster/family.ts';
import { connection } from './connection/family.ts';
import { commandTable } from './family.ts';
import { geo } from './geo/family.ts';
import { hashes } from './hashes/family.ts';
import { hyperloglogs } from './hyperloglogs/family.ts';
import { introspection } from './introspection/family.ts';
import { keys } from './keys/family.ts';
import { lists } from './lists/family.ts';
import { pubsub } from './pubsub/family.ts';
import { scripting } from './scripting/family.ts';
import { server } from './server/family.ts';
import { sets } from './sets/family.ts';
import { sortedSets } from './sorted-sets/family.ts';
import { streams } from './streams/family.ts';
import { strings } from './strings/family.ts';
import { transactions } from './transactions/family.ts';

export const commands = commandTable([
  ...acl,
  ...bitmaps,
  ...cluster,
  ...connection,
  ...geo,
  ...hashes,
  ...hyperloglogs,
  ...introspection,
  ...keys,
  ...lists,
  ...pubsub,
  ...scripting,
  ...server,
  ...sets,
  ...sortedSets,
  ...streams,
  ...strings,
  ...transactions,
]);
