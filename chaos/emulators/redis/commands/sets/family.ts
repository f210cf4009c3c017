/** Commands on sets. */
import { commandFamily } from '../family.ts';
import { combining } from './combining.ts';
import { members } from './members.ts';
import { setsTable } from './table.ts';

export const sets = commandFamily('set', setsTable, { ...combining, ...members });
