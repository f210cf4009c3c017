/** Four clients make one change each: an order, a training, a hire and a turn, through the network that the test set up. */
import exec from 'k6/execution';
import { perform, uniqueName } from '../../client/client.ts';
import { nowMs } from '../../../chaos/api/k6/clock.ts';
import { hire } from '../../client/court-requests.ts';
import { randomOfIteration } from '../../../chaos/api/k6/random.ts';
import { processTurn, reserve, train } from '../../client/requests.ts';
import { readSettings } from '../../client/settings.ts';

const settings = readSettings();
const round = Number(__ENV['ROUND']);
const session = settings.sessionIds[0] ?? '';

/** Names and keys are unique in a run of the script, and the rounds are runs of it: each skips those of the ones before. */
const namesPerRound = 10;

export const options = {
  scenarios: { changes: { executor: 'per-vu-iterations', vus: 4, iterations: 1, maxDuration: '60s' } },
};

const changes = [
  () => reserve(session, 1, round, false),
  // Another general in each round, for an action is only counted.
  () => train(session, 1 + round, 1),
  () => hire(session, 1, { gold: 10, population: 10 }, false),
  () => processTurn(session, Number(__ENV['TURN'])),
];

export default async function change(): Promise<void> {
  const own = changes[(exec.vu.idInTest - 1) % changes.length];
  if (own === undefined) return;
  for (let name = 0; name < round * namesPerRound; name += 1) uniqueName();
  const random = randomOfIteration(settings.seed, 'changes', exec.vu.idInTest);
  await perform(settings, { intendedMs: nowMs(), random }, own());
}
