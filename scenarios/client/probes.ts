/**
 * Requests beside the game's own: what an operator's tools ask for, lists, and requests that have to be refused. A few of each in every run, at a low rate
 * of their own, so that the answers of the routes are judged also where a scenario does not need them.
 */
import exec from 'k6/execution';
import { cardOf, openSchedule, type ScriptSettings } from '../../chaos/api/k6/index.ts';
import { storesOf } from './answer.ts';
import { arrival, perform, type Request, sessionOf } from './client.ts';
import { listCities, listGenerals, listNations } from './requests.ts';
import type { GameSettings } from './settings.ts';

const perSecond = 8;

export function probeSchedule(settings: ScriptSettings) {
  return openSchedule(settings, 'probes', perSecond);
}

/** One arrival of the schedule. */
export async function makeProbe(settings: GameSettings): Promise<void> {
  const at = arrival(settings, perSecond);
  const make = cardOf(deck, settings.seed, 'probes', exec.scenario.iterationInTest);
  await perform(settings, at, make(sessionOf(settings, at)));
}

type MakeRequest = (sessionId: string) => Request;

/** What the system says of itself and its surroundings. */
const askHealth: MakeRequest = (sessionId) => ({
  f: 'ask-health',
  kind: 'read',
  method: 'GET',
  path: '/api/health',
  subject: { sessionId },
  describe: ({ data }) => storesOf(data),
});

/** `expected`: the status that the contract demands, whatever the system is at. */
function refused(
  what: string,
  expected: number,
  method: 'GET' | 'POST',
  path: (sessionId: string) => string,
  body?: Readonly<Record<string, unknown>>,
): MakeRequest {
  return (sessionId) => ({
    f: 'probe',
    kind: 'read',
    method,
    path: path(sessionId),
    ...(body === undefined ? {} : { body }),
    subject: { sessionId, what, expected },
    describe: ({ outcome }) => ({ outcome }),
  });
}

const none = 900_000;
const of = (path: string) => (sessionId: string) => `/api/sessions/${sessionId}${path}`;
const ofNone = (path: string) => () => `/api/sessions/no-such-session${path}`;

const refusals: readonly MakeRequest[] = [
  refused('a session that does not exist', 404, 'GET', ofNone('')),
  refused('the generals of a session that does not exist', 404, 'GET', ofNone('/generals')),
  refused('the cities of a session that does not exist', 404, 'GET', ofNone('/cities')),
  refused('the nations of a session that does not exist', 404, 'GET', ofNone('/nations')),
  refused('a general that does not exist', 404, 'GET', of(`/generals/${none}`)),
  refused('a city that does not exist', 404, 'GET', of(`/cities/${none}`)),
  refused('a nation that does not exist', 404, 'GET', of(`/nations/${none}`)),
  refused('a route that does not exist', 404, 'GET', of('/no-such-route')),
  refused('an order for slot 50', 400, 'POST', of('/generals/1/actions'), {
    command: 'reserve',
    slot: 50,
    order: 'probe',
  }),
  refused('an order for slot -1', 400, 'POST', of('/generals/1/actions'), {
    command: 'reserve',
    slot: -1,
    order: 'probe',
  }),
  refused('an order without a text', 400, 'POST', of('/generals/1/actions'), {
    command: 'reserve',
    slot: 1,
    order: '',
  }),
  refused('a training of 0', 400, 'POST', of('/generals/1/actions'), { command: 'train', amount: 0 }),
  refused('a training of 1001', 400, 'POST', of('/generals/1/actions'), { command: 'train', amount: 1001 }),
  refused('a command that does not exist', 400, 'POST', of('/generals/1/actions'), { command: 'sleep' }),
  refused('an action of a general that does not exist', 404, 'POST', of(`/generals/${none}/actions`), {
    command: 'train',
    amount: 1,
  }),
  refused('a bid of 0', 400, 'POST', of('/auctions/no-such-auction/bids'), { bidder: 1, amount: 0 }),
  refused('a bid on an auction that does not exist', 404, 'POST', of('/auctions/no-such-auction/bids'), {
    bidder: 1,
    amount: 1,
  }),
  refused('a hire for a negative amount', 400, 'POST', of('/generals/hire'), {
    nation: 1,
    name: 'probe',
    gold: -1,
    population: 1,
  }),
  refused('a hire by a nation that does not exist', 404, 'POST', of('/generals/hire'), {
    nation: none,
    name: 'probe',
    gold: 1,
    population: 1,
  }),
  refused('a relation of a nation with itself', 400, 'POST', of('/diplomacy'), {
    from: 1,
    to: 1,
    state: 'war',
  }),
  refused('a relation that does not exist', 400, 'POST', of('/diplomacy'), { from: 1, to: 2, state: 'love' }),
  refused('an auction of an item that does not exist', 404, 'POST', of('/auctions'), {
    seller: 1,
    item: none,
    startingBid: 1,
    durationMs: 1_000,
  }),
  refused('warming the cache without a token', 401, 'POST', () => '/api/admin/cache/preload', {}),
  refused('a new session without a token', 401, 'POST', () => '/api/admin/sessions', {
    sessionId: 'probe',
    seed: 'probe',
    generals: 1,
    cities: 1,
    nations: 1,
  }),
];

/** Health and lists come several times in a run, each refusal at least once in five seconds. */
const deck: readonly MakeRequest[] = [
  ...Array.from({ length: 11 }, () => askHealth),
  ...Array.from({ length: 3 }, () => [listNations, listCities, listGenerals]).flat(),
  ...refusals,
];
