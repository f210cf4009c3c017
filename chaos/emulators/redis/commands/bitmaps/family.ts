/** Strings as arrays of bits. */
import { commandFamily } from '../family.ts';
import { fields } from './fields.ts';
import { singleBits } from './single-bits.ts';
import { bitmapsTable } from './table.ts';

export const bitmaps = commandFamily('bitmap', bitmapsTable, { ...singleBits, ...fields });
