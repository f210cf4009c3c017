/** What a simulation refuses, by name. */
import { exitCodes, RedcliffError } from '../errors.ts';

/** A program asked for something of the machine that the simulation does not have. */
export class NotSimulated extends RedcliffError {
  override readonly name = 'NotSimulated';
  readonly code = 'not_simulated';
  readonly exitStatus = exitCodes.missing;

  constructor(what: string) {
    super(
      `the simulation has no ${what}`,
      'docs/simulating.md says what can be simulated; redcliff run has no such limit',
    );
  }
}
