/** The settings of the run, with the world of the game in them. */
import { readSettings as readScriptSettings, type ScriptSettings } from '../../chaos/api/k6/index.ts';

/** Sizes of the seeded world; each session has as many of everything. */
interface World {
  readonly sessionIds: readonly string[];
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  readonly battles: number;
  readonly tournaments: number;
  /** For each session the owners of item 1, 2, …, as the world was seeded. */
  readonly itemOwners: readonly (readonly number[])[];
}

export type GameSettings = ScriptSettings & World;

export function readSettings(): GameSettings {
  const settings = readScriptSettings();
  const world = settings.world as unknown as Omit<World, 'battles' | 'tournaments'> & Partial<World>;
  return { ...settings, ...world, battles: world.battles ?? 0, tournaments: world.tournaments ?? 0 };
}
