/** A toxic that was added to a proxy: its settings, and the totals of what it did to all connections. */
import { noEffects, type EffectCounts } from '../toxics/effect-counts.ts';
import type { ToxicKind } from '../toxics/toxic.ts';

export type Direction = 'upstream' | 'downstream';
export const directions: readonly Direction[] = ['upstream', 'downstream'];

export interface ToxicTotals {
  /** Connections that met the toxic. */
  connections: number;
  /** Those on which its toxicity was drawn at least once. */
  connectionsDrawn: number;
  /** Those on which it really did something. */
  connectionsAffected: number;
  readonly effects: EffectCounts;
}

export interface Toxic {
  readonly name: string;
  readonly kind: ToxicKind;
  readonly direction: Direction;
  /** The stream as it was sent: the original repeats "UPSTREAM" in its answers. */
  readonly stream: string;
  /** Probability that the toxic acts on a connection; drawn as `random < toxicity`, so not confined to 0..1. */
  toxicity: number;
  attributes: ReadonlyMap<string, number>;
  /** Only connections with these numbers meet the toxic, and Toxiproxy's own API does not show it. */
  readonly onlyConnections?: { readonly first: number; readonly last: number };
  readonly totals: ToxicTotals;
}

/** A toxic as one connection met it. */
export interface ToxicOnConnection {
  readonly name: string;
  readonly type: string;
  readonly stream: Direction;
  readonly drawn: boolean;
  readonly effects: EffectCounts;
}

export function meets(toxic: Toxic, connectionNumber: number): boolean {
  const only = toxic.onlyConnections;
  return only === undefined || (connectionNumber >= only.first && connectionNumber <= only.last);
}

export function noTotals(): ToxicTotals {
  return { connections: 0, connectionsDrawn: 0, connectionsAffected: 0, effects: noEffects() };
}
