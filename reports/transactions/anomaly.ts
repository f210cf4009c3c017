/** Names of what may go wrong between transactions, after Adya (1999) and Elle (Kingsbury and Alvaro, 2020). */

export const anomalyNames = [
  'G-single',
  'G0',
  'G1a',
  'G1b',
  'G1c',
  'G2-item',
  'duplicate-element',
  'incompatible-order',
  'internal',
  'lost-update',
  'repeated-append',
  'stale-read',
  'unwritten-element',
] as const;
export type AnomalyName = (typeof anomalyNames)[number];

export const anomalyMeanings: Record<AnomalyName, string> = {
  'G-single': 'a read missed one write of a transaction whose effects it depends on',
  G0: 'writes of transactions interleave: a cycle of overwritten versions alone',
  G1a: 'a committed transaction read what one that was rolled back wrote',
  G1b: 'a transaction read a state from the middle of another',
  G1c: 'transactions depend on each other in a circle of what they wrote and read',
  'G2-item': 'transactions each missed what the other wrote',
  'duplicate-element': 'an element is in a list twice',
  'incompatible-order': 'two reads show the elements of a list in different orders',
  internal: 'a transaction does not see its own appends or reads again',
  'lost-update': 'two transactions read the same version and both wrote on it',
  'repeated-append': 'two transactions appended the same element, so that a read cannot tell them apart',
  'stale-read': 'a read lacks what was committed before its transaction began',
  'unwritten-element': 'a read shows an element that no transaction appended',
};

export interface Anomaly {
  readonly name: AnomalyName;
  /** The circle or contradiction in words, one sentence a step. */
  readonly explanation: string[];
  /** Ids of the transactions involved, in the order of the explanation. */
  readonly transactions: string[];
}
