/** Stands in for `system/sync/confirmations.ts`: a save without an answer in time is given up as refused, though the queue still has it. */
import { Confirmations as RightConfirmations } from '../../system/sync/confirmations.ts';
import type { Verdict } from '../../system/sync/verdict.ts';

export type { SyncResults } from '../../system/sync/confirmations.ts';

export class Confirmations extends RightConfirmations {
  override async expect(writeId: string, timeoutMs: number): Promise<Verdict | undefined> {
    return (await super.expect(writeId, timeoutMs)) ?? 'fenced';
  }
}
