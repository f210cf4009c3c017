/** Campaign: a day of the game in realistic proportions, mostly reads and orders, with turns, auctions, war, court and tournaments in between. */
import exec from 'k6/execution';
import { cardOf, openSchedule, summaryFiles, thresholds } from '../../chaos/api/k6/index.ts';
import { bid, settle } from '../client/auction-requests.ts';
import {
  amountToBid,
  auctionToBidOn,
  auctionToSettle,
  openAuctions,
  type KnownAuction,
} from '../client/auction-house.ts';
import { arrival, type Arrival, perform, sessionOf } from '../client/client.ts';
import { changeDiplomacy, hire, relationStates } from '../client/court-requests.ts';
import {
  listGenerals,
  processTurn,
  readCity,
  readGeneral,
  readNation,
  readSession,
  reserve,
  train,
} from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';
import { fallSchedule, letFall } from '../client/fall-of-a-nation.ts';
import { playRound } from '../client/tournament-requests.ts';
import { finishBattle, occupy } from '../client/war-requests.ts';

const settings = readSettings();
const eventsPerSecond = Math.max(1, Math.round(settings.ratePerSecond / 3));

export const options = {
  scenarios: {
    players: openSchedule(settings, 'players', settings.ratePerSecond),
    events: openSchedule(settings, 'events', eventsPerSecond),
    fall: fallSchedule(settings, 'fall'),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

const turnSeen = new Map<string, number>();

export async function setup(): Promise<KnownAuction[]> {
  return await openAuctions(settings);
}

/** The usual mix of a player: many reads, some orders. */
export async function players(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const no = random.integer(1, settings.generals);
  const { choice } = at;
  if (choice < 0.35) await perform(settings, at, readGeneral(sessionId, no));
  else if (choice < 0.5) await perform(settings, at, readCity(sessionId, random.integer(1, settings.cities)));
  else if (choice < 0.6)
    await perform(settings, at, readNation(sessionId, random.integer(1, settings.nations)));
  else if (choice < 0.7) await look(at, sessionId);
  else if (choice < 0.72) await perform(settings, at, listGenerals(sessionId));
  else if (choice < 0.9)
    await perform(settings, at, reserve(sessionId, no, random.integer(0, 49), choice < 0.74));
  else await perform(settings, at, train(sessionId, no, random.integer(1, 9)));
}

/** What happens now and then, in its proportions: each of it several times in any run. */
const eventDeck = [
  ...Array.from({ length: 3 }, () => replayTurn),
  ...Array.from({ length: 7 }, () => visitAuctions),
  ...Array.from({ length: 4 }, () => goToWar),
  ...Array.from({ length: 2 }, () => hireSomebody),
  ...Array.from({ length: 2 }, () => negotiate),
  ...Array.from({ length: 2 }, () => holdTournament),
];

export async function events(known: readonly KnownAuction[]): Promise<void> {
  const happen = cardOf(eventDeck, settings.seed, 'events', exec.scenario.iterationInTest);
  await happen(arrival(settings, eventsPerSecond), known);
}

async function holdTournament(at: Arrival): Promise<void> {
  const tournament = String(at.random.integer(1, settings.tournaments));
  await perform(settings, at, playRound(sessionOf(settings, at), tournament, at.random.integer(1, 4), false));
}

async function look(at: Arrival, sessionId: string): Promise<void> {
  const { data } = await perform(settings, at, readSession(sessionId));
  if (typeof data['turn'] === 'number') turnSeen.set(sessionId, data['turn']);
}

async function replayTurn(at: Arrival): Promise<void> {
  const sessionId = sessionOf(settings, at);
  const turn = Math.max(1, (turnSeen.get(sessionId) ?? 0) + at.random.integer(-1, 1));
  await perform(settings, at, processTurn(sessionId, turn));
}

async function visitAuctions(at: Arrival, known: readonly KnownAuction[]): Promise<void> {
  const { random } = at;
  const settles = random.next() < 0.3;
  const chosen = settles ? auctionToSettle(known, random) : auctionToBidOn(known, random);
  if (chosen === undefined) return;
  const { sessionId, auction } = chosen;
  if (settles) await perform(settings, at, settle(sessionId, auction, false));
  else {
    const bidder = random.integer(1, settings.generals);
    await perform(settings, at, bid(sessionId, auction, bidder, amountToBid(settings, random), false));
  }
}

async function goToWar(at: Arrival): Promise<void> {
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const { choice } = at;
  if (choice < 0.4) {
    const battle = String(random.integer(1, settings.battles));
    await perform(settings, at, finishBattle(sessionId, battle, undefined, random.next() < 0.2));
  } else {
    const city = random.integer(1, settings.cities);
    await perform(settings, at, occupy(sessionId, city, random.integer(1, settings.generals), false));
  }
}

/** Nation 1 of each session falls in the middle of the campaign. */
export async function fall(): Promise<void> {
  await letFall(settings, 1, 0.5);
}

async function hireSomebody(at: Arrival): Promise<void> {
  const { random } = at;
  const price = { gold: random.integer(5, 50), population: random.integer(10, 100) };
  const nation = random.integer(1, settings.nations);
  await perform(settings, at, hire(sessionOf(settings, at), nation, price, random.next() < 0.2));
}

async function negotiate(at: Arrival): Promise<void> {
  const { random } = at;
  const nation = random.integer(1, settings.nations);
  const other = (nation % settings.nations) + 1;
  const state = relationStates[random.integer(0, relationStates.length - 1)] ?? 'neutral';
  await perform(settings, at, changeDiplomacy(sessionOf(settings, at), nation, other, state, false));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
