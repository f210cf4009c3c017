/** Auctions: bids storm in at closing time, clients and daemons settle the same auctions at once, winners sell on, and players act. */
import exec from 'k6/execution';
import { nowMs, openSchedule, summaryFiles, thresholds } from '../../chaos/api/k6/index.ts';
import { bid, openAuction, settle } from '../client/auction-requests.ts';
import {
  amountToBid,
  auctionOver,
  auctionToBidOn,
  auctionToSettle,
  openAuctions,
  startingBid,
  type KnownAuction,
} from '../client/auction-house.ts';
import { arrival, followUp, type Moment, perform, sessionOf } from '../client/client.ts';
import { readGeneral, reserve } from '../client/requests.ts';
import { makeProbe, probeSchedule } from '../client/probes.ts';
import { readSettings } from '../client/settings.ts';

const settings = readSettings();
const settlementsPerSecond = Math.max(1, Math.round(settings.ratePerSecond / 4));
const playersPerSecond = Math.max(1, Math.round(settings.ratePerSecond / 3));

export const options = {
  scenarios: {
    bidders: openSchedule(settings, 'bidders', settings.ratePerSecond),
    settlers: openSchedule(settings, 'settlers', settlementsPerSecond),
    players: openSchedule(settings, 'players', playersPerSecond),
    probes: probeSchedule(settings),
  },
  thresholds: thresholds(settings),
};

export async function setup(): Promise<KnownAuction[]> {
  return await openAuctions(settings);
}

export async function bidders(known: readonly KnownAuction[]): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const chosen = at.random.next() < 0.1 ? auctionOver(known, at.random) : auctionToBidOn(known, at.random);
  if (chosen === undefined) return;
  const bidder = at.random.integer(1, settings.generals);
  const amount = amountToBid(settings, at.random);
  const { sessionId, auction } = chosen;
  const repeat = at.random.next() < 0.1;
  const reuse = !repeat && at.random.next() < 0.1;
  const { error } = await perform(settings, at, bid(sessionId, auction, bidder, amount, repeat, reuse));
  if (error === undefined && at.random.next() < 0.3) await bidWhatMustBeRefused(at, chosen, amount);
}

/** No more than the highest bid, by another general. */
async function bidWhatMustBeRefused(
  at: Moment,
  { sessionId, auction }: KnownAuction,
  amount: number,
): Promise<void> {
  const bidder = at.random.integer(1, settings.generals);
  const less = at.random.next() < 0.5 ? 0 : 1;
  await perform(settings, followUp(at), bid(sessionId, auction, bidder, amount - less, false));
}

export async function settlers(known: readonly KnownAuction[]): Promise<void> {
  const at = arrival(settings, settlementsPerSecond);
  const chosen = auctionToSettle(known, at.random);
  if (chosen === undefined) return;
  if (at.random.next() < 0.1) {
    await sellWhatIsForSale(at, known);
    return;
  }
  const repeat = at.random.next() < 0.1;
  const { data } = await perform(settings, at, settle(chosen.sessionId, chosen.auction, repeat));
  const winner = data['winner'];
  if (typeof winner === 'number' && at.random.next() < 0.3) await sellOn(at, chosen, winner);
}

/** The owner puts an item up that is up already: refused, or it would be sold twice. */
async function sellWhatIsForSale(at: Moment, known: readonly KnownAuction[]): Promise<void> {
  const open = known.filter(({ closesAtMs }) => closesAtMs > nowMs() + 500);
  const chosen = open[at.random.integer(0, Math.max(0, open.length - 1))];
  if (chosen === undefined) return;
  const { sessionId, item, seller } = chosen;
  const opening = { seller, item, startingBid, durationMs: 400 };
  await perform(settings, at, openAuction(sessionId, opening));
}

/** The winner puts the item up again for a short time, and another client bids: the daemons will settle it. */
async function sellOn(at: Moment, { sessionId, item }: KnownAuction, seller: number): Promise<void> {
  const leftMs = exec.scenario.startTime + settings.durationMs - nowMs();
  const durationMs = at.random.integer(200, 600);
  if (leftMs < durationMs) return;
  const opening = { seller, item, startingBid, durationMs };
  const { data } = await perform(settings, followUp(at), openAuction(sessionId, opening));
  const auction = data['auction'];
  if (typeof auction !== 'string') return;
  const bidder = at.random.integer(1, settings.generals);
  await perform(
    settings,
    followUp(at),
    bid(sessionId, auction, bidder, startingBid + at.random.integer(0, 50), false),
  );
}

export async function players(): Promise<void> {
  const at = arrival(settings, playersPerSecond);
  const sessionId = sessionOf(settings, at);
  const no = at.random.integer(1, settings.generals);
  const { choice } = at;
  if (choice < 0.6) await perform(settings, at, readGeneral(sessionId, no));
  else await perform(settings, at, reserve(sessionId, no, at.random.integer(0, 49), false));
}

export async function probes(): Promise<void> {
  await makeProbe(settings);
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
