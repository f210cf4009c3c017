/** Commands on sorted sets. */
import { commandFamily } from '../family.ts';
import { adding } from './adding.ts';
import { combining } from './combining.ts';
import { popping } from './popping.ts';
import { reading } from './reading.ts';
import { sortedSetsTable } from './table.ts';

export const sortedSets = commandFamily('sorted-set', sortedSetsTable, {
  ...adding,
  ...combining,
  ...popping,
  ...reading,
});
