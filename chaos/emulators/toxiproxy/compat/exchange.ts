/**
 * Recorded requests and answers of the original Toxiproxy, one JSON object a line. `{portNN}` stands for a free port,
 * `{any}` and `{listen}` for any text, `{id}` for a request id. Where we differ on purpose, both answers are given,
 * with the reason.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const answerSchema = z.object({
  status: z.int(),
  /** What the Content-Type says: none at all, JSON, text, or the odd one of /version. */
  type: z.enum(['none', 'json', 'error', 'version']),
  /** JSON, or a string for a text; null when only its kind matters. */
  answer: z.json(),
});

const exchangeSchema = z
  .object({
    request: z.string().regex(/^[A-Z]+ \//),
    send: z.string().optional(),
    userAgent: z.string().optional(),
    /** Expected headers; null for absent. */
    headers: z.record(z.string(), z.string().nullable()).default({}),
    original: answerSchema.optional(),
    ours: answerSchema.optional(),
    why: z.string().optional(),
  })
  .and(z.union([answerSchema, z.object({ original: answerSchema, ours: answerSchema, why: z.string() })]));

const groupSchema = z.object({ group: z.string(), fresh: z.boolean().default(false) });

export type RecordedAnswer = z.output<typeof answerSchema>;
export type Exchange = z.output<typeof exchangeSchema>;

/** Exchanges that build on each other; `fresh` ones begin without any proxy. */
export interface ExchangeGroup {
  readonly about: string;
  readonly fresh: boolean;
  readonly exchanges: Exchange[];
}

/** Throws when a line is not of the form. */
export async function readExchanges(file: URL): Promise<ExchangeGroup[]> {
  const groups: ExchangeGroup[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '') continue;
    const value: unknown = JSON.parse(line);
    const group = groupSchema.safeParse(value);
    if (group.success) groups.push({ about: group.data.group, fresh: group.data.fresh, exchanges: [] });
    else groups.at(-1)?.exchanges.push(exchangeSchema.parse(value));
  }
  return groups;
}

export function expectedAnswer(exchange: Exchange, implementation: 'original' | 'ours'): RecordedAnswer {
  const special = exchange[implementation];
  if (special !== undefined) return special;
  return answerSchema.parse(exchange);
}
