/** The entities by name, in alphabetical order. */
import { type City, cityKind } from './city.ts';
import type { Entity, EntityKind } from './entity-kind.ts';
import { type General, generalKind } from './general.ts';
import { type Nation, nationKind } from './nation.ts';
import { type Session, sessionKind } from './session.ts';

export interface EntityMap {
  readonly city: City;
  readonly general: General;
  readonly nation: Nation;
  readonly session: Session;
}
export type EntityType = keyof EntityMap;

export const entityKinds: { readonly [Type in EntityType]: EntityKind<EntityMap[Type]> } = {
  city: cityKind,
  general: generalKind,
  nation: nationKind,
  session: sessionKind,
};

export const entityTypes = ['city', 'general', 'nation', 'session'] as const satisfies readonly EntityType[];

/** For code that handles any entity by its type's name; the entities it passes must be of that type. */
export function kindOf(type: EntityType): EntityKind<Entity> {
  return entityKinds[type];
}
