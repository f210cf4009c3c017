/** Writes: player actions saved through the cache, several clients on the same general, some sent twice under one key. */
import { openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { readGeneral, reserve, train } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';

const settings = readSettings();

export const options = {
  scenarios: {
    writers: openSchedule(settings, 'writers', settings.ratePerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** Few generals and few slots: writes meet each other, and most are overwritten by a later one. */
const hotGenerals = Math.min(12, settings.generals);
const hotSlots = 6;

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

export async function writers(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const no = random.integer(1, hotGenerals);
  const { choice } = at;
  if (choice < 0.7) {
    const slot = random.integer(0, hotSlots - 1);
    await perform(settings, at, reserve(sessionId, no, slot, choice < 0.1, choice > 0.65));
  } else if (choice < 0.85) await perform(settings, at, train(sessionId, no, random.integer(1, 9)));
  else await perform(settings, at, readGeneral(sessionId, no));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
