/** Commands on streams. */
import { commandFamily } from '../family.ts';
import { adding } from './adding.ts';
import { groups } from './groups.ts';
import { information } from './information.ts';
import { pending } from './pending.ts';
import { reading } from './reading.ts';
import { streamsTable } from './table.ts';

export const streams = commandFamily('stream', streamsTable, {
  ...adding,
  ...groups,
  ...information,
  ...pending,
  ...reading,
});
