/** A command: its traits and what it does. */
import type { Document } from '../storage/contract.ts';
import type { CommandTraits } from './command-traits.ts';
import type { Operation } from './operation.ts';

export interface Command extends CommandTraits {
  run(operation: Operation): Document | Promise<Document>;
}
