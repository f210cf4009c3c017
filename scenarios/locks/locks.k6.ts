/** Locks: daemons and clients contend for few locks: the turns of two sessions, the settlement of few auctions, the occupation of few cities. */
import { openSchedule, summaryFiles, thresholds } from '../../chaos/api/k6/index.ts';
import { bid, settle } from '../client/auction-requests.ts';
import {
  amountToBid,
  auctionToBidOn,
  auctionToSettle,
  openAuctions,
  type KnownAuction,
} from '../client/auction-house.ts';
import { arrival, perform, sessionOf } from '../client/client.ts';
import { processTurn, readSession } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';
import { occupy } from '../client/war-requests.ts';

const settings = readSettings();

export const options = {
  scenarios: {
    contenders: openSchedule(settings, 'contenders', settings.ratePerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

/** Turn numbers seen by this VU, so that it asks for the one that the daemons are at. */
const turnSeen = new Map<string, number>();
const wantedCities = 2;

export async function setup(): Promise<KnownAuction[]> {
  return await openAuctions(settings);
}

export async function contenders(known: readonly KnownAuction[]): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const { random } = at;
  const sessionId = sessionOf(settings, at);
  const { choice } = at;
  if (choice < 0.5) {
    const turn = Math.max(1, (turnSeen.get(sessionId) ?? 0) + random.integer(0, 1));
    const { data } = await perform(settings, at, processTurn(sessionId, turn));
    if (typeof data['currentTurn'] === 'number') turnSeen.set(sessionId, data['currentTurn']);
    return;
  }
  if (choice < 0.6) {
    const { data } = await perform(settings, at, readSession(sessionId));
    if (typeof data['turn'] === 'number') turnSeen.set(sessionId, data['turn']);
    return;
  }
  if (choice < 0.8) {
    const city = random.integer(1, wantedCities);
    await perform(settings, at, occupy(sessionId, city, random.integer(1, settings.generals), false));
    return;
  }
  const auction = choice < 0.9 ? auctionToSettle(known, random) : auctionToBidOn(known, random);
  if (auction === undefined) return;
  const { sessionId: where, auction: name } = auction;
  if (choice < 0.9) await perform(settings, at, settle(where, name, false));
  else {
    const bidder = random.integer(1, settings.generals);
    await perform(settings, at, bid(where, name, bidder, amountToBid(settings, random), false));
  }
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
