/** Occupations: battles for the same cities finish together, generals take cities, nations fall, and diplomacy goes on meanwhile. */
import { openSchedule, summaryFiles, thresholds, waitForStart } from '../../chaos/api/k6/index.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { changeDiplomacy, relationStates } from '../client/court-requests.ts';
import { fallSchedule, letFall } from '../client/fall-of-a-nation.ts';
import { readCity, readNation } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';
import { destroyNation, finishBattle, occupy } from '../client/war-requests.ts';

const settings = readSettings();

export const options = {
  scenarios: {
    warriors: openSchedule(settings, 'warriors', settings.ratePerSecond),
    fall: fallSchedule(settings, 'fall'),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** Few cities, so that several want the same one. */
const wantedCities = Math.min(10, settings.cities);
/** The last nations of the world are never destroyed by a request, so that there is always an opponent. */
const doomedNations = Math.max(1, Math.floor(settings.nations / 2));

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

export async function warriors(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const nation = random.integer(1, settings.nations);
  const { choice } = at;
  const repeat = random.next() < 0.15;
  if (choice < 0.35) {
    const battle = String(random.integer(1, settings.battles));
    const winner = random.next() < 0.7 ? 'attacker' : undefined;
    await perform(settings, at, finishBattle(sessionId, battle, winner, repeat));
  } else if (choice < 0.65) {
    const city = random.integer(1, wantedCities);
    await perform(settings, at, occupy(sessionId, city, random.integer(1, settings.generals), repeat));
  } else if (choice < 0.69) {
    await perform(settings, at, destroyNation(sessionId, random.integer(1, doomedNations), repeat));
  } else if (choice < 0.8) {
    const state = relationStates[random.integer(0, relationStates.length - 1)] ?? 'neutral';
    const other = (nation % settings.nations) + 1;
    await perform(settings, at, changeDiplomacy(sessionId, nation, other, state, repeat));
  } else if (choice < 0.9) await perform(settings, at, readNation(sessionId, nation));
  else await perform(settings, at, readCity(sessionId, random.integer(1, settings.cities)));
}

/** Late, when most faults are healed: every run needs a nation that falls. */
export async function fall(): Promise<void> {
  await letFall(settings, 1, 0.8);
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
