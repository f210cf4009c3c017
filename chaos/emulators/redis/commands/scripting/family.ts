/** Scripts and functions. */
import { commandFamily } from '../family.ts';
import { functions } from './functions.ts';
import { scripts } from './scripts.ts';
import { scriptingTable } from './table.ts';

export const scripting = commandFamily('scripting', scriptingTable, { ...scripts, ...functions });
