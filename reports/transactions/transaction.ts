/** Transactions over lists as a client recorded them: what each appended and read, and whether it committed. */
import { z } from 'zod';

const elementSchema = z.union([z.string(), z.number()]);

const stepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('append'), key: z.string(), element: elementSchema }),
  /** `list` is what the read showed; null when it is not known, as in a transaction of unknown end. */
  z.object({ kind: z.literal('read'), key: z.string(), list: z.array(elementSchema).nullable() }),
]);
export type Step = z.infer<typeof stepSchema>;
export type Element = z.infer<typeof elementSchema>;

/** Elements are unique in their list: an element names the append that made it. */
export const transactionSchema = z.object({
  id: z.string(),
  /** `ok` committed, `fail` was rolled back, `info` may be either. */
  type: z.enum(['ok', 'fail', 'info']),
  startedMs: z.number(),
  endedMs: z.number(),
  steps: z.array(stepSchema),
});
export type Transaction = z.infer<typeof transactionSchema>;
