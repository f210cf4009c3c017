/** The documents of a world: what names them, and which of their fields no operation changes. */
import type { Finding } from '../../reports/checkers/checker.ts';
import { preserved, type PreservedCollection } from '../../reports/checkers/preserved.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { documentsOf } from './documents.ts';

const collections = {
  auctions: {
    identity: ['session_id', 'auction'],
    unchanged: ['item', 'seller', 'starting_bid', 'closes_at'],
  },
  battles: { identity: ['session_id', 'battle'], unchanged: ['city', 'attacker', 'units', 'ends_at'] },
  cities: { identity: ['session_id', 'city'], unchanged: ['name'] },
  diplomacy: { identity: ['session_id', 'from', 'to'], removable: true },
  generals: { identity: ['session_id', 'no'], unchanged: ['general_id', 'name'] },
  items: { identity: ['session_id', 'item'], unchanged: ['name'] },
  nations: { identity: ['session_id', 'nation'], unchanged: ['name'] },
  sessions: { identity: ['session_id'], unchanged: ['name', 'seed', 'turn_period_ms'] },
  tournaments: {
    identity: ['session_id', 'tournament'],
    unchanged: ['seed', 'round_period_ms', 'reward_per_win'],
  },
} as const satisfies Record<string, PreservedCollection>;

export type WorldCollection = keyof typeof collections;
export const worldCollections = Object.keys(collections) as readonly WorldCollection[];

/** Seeded documents of these collections that are gone or changed where nothing changes them, and names that are there twice. */
export function preservedFindings(
  evidence: Evidence,
  ...names: readonly WorldCollection[]
): readonly Finding[] {
  // Throws when the database as a whole was not read.
  documentsOf(evidence, 'sessions');
  const chosen = Object.fromEntries(names.map((name) => [name, collections[name]]));
  return preserved({ collections: chosen }).examine([], evidence).findings;
}
