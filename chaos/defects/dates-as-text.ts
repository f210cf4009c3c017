/** Stands in for `system/cache/codec.ts`: what comes out of Redis is taken as it is, so its dates are text and are saved as text. */
import type { Codec } from '../../system/cache/codec.ts';
import * as right from '../../system/cache/codec.ts';
import type { Entity, EntityKind } from '../../system/models/entity-kind.ts';

export type { Codec } from '../../system/cache/codec.ts';
export { jsonCodec } from '../../system/cache/codec.ts';

export function entityCodec<T extends Entity>(kind: EntityKind<T>): Codec<T> {
  return { ...right.entityCodec(kind), decode: (text) => JSON.parse(text) as T };
}

export function listCodec<T extends Entity>(kind: EntityKind<T>): Codec<readonly T[]> {
  return { ...right.listCodec(kind), decode: (text) => JSON.parse(text) as readonly T[] };
}
