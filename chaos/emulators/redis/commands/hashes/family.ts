/** Commands on hashes. */
import { commandFamily } from '../family.ts';
import { counters } from './counters.ts';
import { fields } from './fields.ts';
import { hrandfield } from './random-field.ts';
import { hashesTable } from './table.ts';

export const hashes = commandFamily('hash', hashesTable, { ...counters, ...fields, hrandfield });
