/** Entities for tests, complete and valid, with the fields under test replaced. */
import type { General } from '../models/general.ts';
import type { Session } from '../models/session.ts';

const at = new Date('2026-01-02T03:04:05.678Z');

export function sampleGeneral(changes: Partial<General> = {}): General {
  return {
    _id: 's1:g7',
    session_id: 's1',
    version: 1,
    write_id: 'first',
    updated_at: at,
    general_id: 's1:g7',
    no: 7,
    name: 'Guan Yu',
    nation: 2,
    city: 3,
    officer_level: 5,
    gold: 100,
    rice: 100,
    experience: 10,
    turns_lived: 4,
    last_turn: 4,
    turn_fence: 0,
    action_count: 0,
    orders: {},
    recent_keys: [],
    rewards: [],
    last_action: null,
    last_action_at: null,
    ...changes,
  };
}

export function sampleSession(changes: Partial<Session> = {}): Session {
  return {
    _id: 's1',
    session_id: 's1',
    version: 1,
    write_id: 'first',
    updated_at: at,
    name: 'World',
    seed: 'a',
    turn: 4,
    turn_started: null,
    turn_fence: 0,
    turn_period_ms: 60_000,
    next_turn_at: at,
    ...changes,
  };
}
