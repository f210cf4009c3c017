/** Tournaments: clients play the rounds that the daemons are playing, again and too early as well, and the winners act meanwhile. */
import exec from 'k6/execution';
import { nowMs, openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { readGeneral, reserve, train } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';
import { playRound } from '../client/tournament-requests.ts';

const settings = readSettings();
const playersPerSecond = Math.max(1, Math.round(settings.ratePerSecond / 2));

export const options = {
  scenarios: {
    referees: openSchedule(settings, 'referees', settings.ratePerSecond),
    players: openSchedule(settings, 'players', playersPerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

const rounds = 4;

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

/** The round that is due at this time, and sometimes the one before or after it. */
export async function referees(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const sessionId = sessionOf(settings, at);
  const tournament = String(at.random.integer(1, settings.tournaments));
  const elapsed = (nowMs() - exec.scenario.startTime) / settings.durationMs;
  const due = 1 + Math.floor(elapsed * rounds);
  const round = Math.max(1, due + at.random.integer(-1, at.random.next() < 0.2 ? 1 : 0));
  await perform(settings, at, playRound(sessionId, tournament, round, at.random.next() < 0.15));
}

export async function players(): Promise<void> {
  const at = arrival(settings, playersPerSecond);
  const sessionId = sessionOf(settings, at);
  const no = at.random.integer(1, settings.generals);
  const { choice } = at;
  if (choice < 0.4) await perform(settings, at, readGeneral(sessionId, no));
  else if (choice < 0.8)
    await perform(settings, at, reserve(sessionId, no, at.random.integer(0, 49), choice < 0.5));
  else await perform(settings, at, train(sessionId, no, at.random.integer(1, 9)));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
