/** All toxics by their type, in alphabetical order. How to add one: docs/adding-a-toxic.md. */
import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { noop } from './noop.ts';
import { packetLoss } from './packet-loss.ts';
import { resetPeer } from './reset-peer.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slow-close.ts';
import { timeout } from './timeout.ts';
import type { ToxicKind } from './toxic.ts';

export const toxicKinds: readonly ToxicKind[] = [
  bandwidth,
  latency,
  limitData,
  noop,
  packetLoss,
  resetPeer,
  slicer,
  slowClose,
  timeout,
];

const kindsByType: ReadonlyMap<string, ToxicKind> = new Map(toxicKinds.map((kind) => [kind.type, kind]));

export function findToxicKind(type: string): ToxicKind | undefined {
  return kindsByType.get(type);
}
