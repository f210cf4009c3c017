/** Turns: clients replay, duplicate and race the turn numbers that the turn-processors are working on, and players act meanwhile. */
import { openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { processTurn, readGeneral, readSession, reserve } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';

const settings = readSettings();
const playersPerSecond = settings.ratePerSecond;
const replaysPerSecond = Math.max(1, Math.round(settings.ratePerSecond / 2));

export const options = {
  scenarios: {
    replays: openSchedule(settings, 'replays', replaysPerSecond),
    players: openSchedule(settings, 'players', playersPerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** Turn numbers seen by this VU, so that it asks for the present one, the next one or an old one. */
const turnSeen = new Map<string, number>();

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

export async function replays(): Promise<void> {
  const at = arrival(settings, replaysPerSecond);
  const sessionId = sessionOf(settings, at);
  const seen = turnSeen.get(sessionId) ?? 0;
  const turn = Math.max(1, seen + at.random.integer(-1, 1));
  const { data } = await perform(settings, at, processTurn(sessionId, turn));
  if (typeof data['currentTurn'] === 'number') turnSeen.set(sessionId, data['currentTurn']);
}

export async function players(): Promise<void> {
  const at = arrival(settings, playersPerSecond);
  const sessionId = sessionOf(settings, at);
  const no = at.random.integer(1, settings.generals);
  const { choice } = at;
  if (choice < 0.4) await perform(settings, at, readSession(sessionId));
  else if (choice < 0.7) await perform(settings, at, readGeneral(sessionId, no));
  else await perform(settings, at, reserve(sessionId, no, at.random.integer(0, 49), choice < 0.75));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
