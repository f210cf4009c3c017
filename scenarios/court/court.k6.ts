/** Court: nations hire generals and change their relations, from both sides of a relation at once. */
import { openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { changeDiplomacy, hire, relationStates } from '../client/court-requests.ts';
import { readGeneral, readNation, reserve } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';

const settings = readSettings();

export const options = {
  scenarios: {
    courtiers: openSchedule(settings, 'courtiers', settings.ratePerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** More than any nation has: such a hire has to be refused. */
const tooMuch = 10_000_000;

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

export async function courtiers(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const nation = random.integer(1, settings.nations);
  const { choice } = at;
  const repeat = random.next() < 0.15;
  if (choice < 0.3) {
    const gold = random.next() < 0.03 ? tooMuch : random.integer(5, 50);
    const population = random.next() < 0.03 ? tooMuch : random.integer(10, 100);
    await perform(
      settings,
      at,
      hire(sessionId, nation, { gold, population }, repeat, !repeat && random.next() < 0.4),
    );
  } else if (choice < 0.65) {
    const other = (nation % settings.nations) + 1;
    const state = relationStates[random.integer(0, relationStates.length - 1)] ?? 'neutral';
    // Both nations of a pair come to it, so that the two directions are asked for at once.
    const [from, to] = random.next() < 0.5 ? [nation, other] : [other, nation];
    await perform(settings, at, changeDiplomacy(sessionId, from, to, state, repeat));
  } else if (choice < 0.75) await perform(settings, at, readNation(sessionId, nation));
  else if (choice < 0.9)
    await perform(settings, at, readGeneral(sessionId, random.integer(1, settings.generals)));
  else {
    const no = random.integer(1, settings.generals);
    await perform(settings, at, reserve(sessionId, no, random.integer(0, 49), false));
  }
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
