/** Reads: mostly reads through every layer of the cache, of entities that other processes keep changing. */
import { openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { hire } from '../client/court-requests.ts';
import {
  listGenerals,
  readCity,
  readGeneral,
  readNation,
  readSession,
  reserve,
  train,
} from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';

const settings = readSettings();

export const options = {
  scenarios: {
    readers: openSchedule(settings, 'readers', settings.ratePerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** Few enough that most reads meet an entity that another client has just changed. */
const hotGenerals = Math.min(8, settings.generals);

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

export async function readers(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const hot = random.integer(1, hotGenerals);
  const { choice } = at;
  if (choice < 0.5) await perform(settings, at, readGeneral(sessionId, hot));
  else if (choice < 0.6)
    await perform(settings, at, readGeneral(sessionId, random.integer(1, settings.generals)));
  else if (choice < 0.68)
    await perform(settings, at, readCity(sessionId, random.integer(1, settings.cities)));
  else if (choice < 0.75)
    await perform(settings, at, readNation(sessionId, random.integer(1, settings.nations)));
  else if (choice < 0.83) await perform(settings, at, readSession(sessionId));
  else if (choice < 0.85) await perform(settings, at, listGenerals(sessionId));
  else if (choice < 0.86)
    await perform(
      settings,
      at,
      hire(sessionId, random.integer(1, settings.nations), { gold: 5, population: 5 }, false),
    );
  else if (choice < 0.95) await perform(settings, at, reserve(sessionId, hot, random.integer(0, 49), false));
  else await perform(settings, at, train(sessionId, hot, random.integer(1, 9)));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
