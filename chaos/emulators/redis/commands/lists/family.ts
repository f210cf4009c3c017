/** Commands on lists. */
import { commandFamily } from '../family.ts';
import { items } from './items.ts';
import { moving } from './moving.ts';
import { listsTable } from './table.ts';
import { taking } from './taking.ts';

export const lists = commandFamily('list', listsTable, { ...items, ...moving, ...taking });
