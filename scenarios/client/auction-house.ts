/** The auctions that clients know of, and which of them they turn to: bids storm in shortly before the end, settlements shortly after. */
import exec from 'k6/execution';
import { type IterationRandom, nowMs, randomOfIteration, waitForStart } from '../../chaos/api/k6/index.ts';
import { openAuction } from './auction-requests.ts';
import { perform } from './client.ts';
import type { GameSettings } from './settings.ts';

export interface KnownAuction {
  readonly sessionId: string;
  readonly auction: string;
  readonly item: number;
  readonly seller: number;
  readonly closesAtMs: number;
}

export const startingBid = 10;
/** Before and after the load's ends, so that each auction has bids, and is settled while the load lasts. */
const marginMs = { start: 500, end: 700 };
/** More than what one opening takes. */
const openingMs = 40;

/**
 * Puts every item of the world up for auction, one after the other, for the harness's clients do one thing at a time; they close
 * spread over the load, which starts when all are open. For the end of a script's setup().
 */
export async function openAuctions(settings: GameSettings): Promise<KnownAuction[]> {
  const known: KnownAuction[] = [];
  const lots = settings.sessionIds.flatMap((sessionId, session) =>
    (settings.itemOwners[session] ?? []).map((seller, index) => ({ sessionId, seller, item: index + 1 })),
  );
  const startMs = nowMs() + lots.length * openingMs;
  const spanMs = settings.durationMs - marginMs.start - marginMs.end;
  for (const [index, { sessionId, seller, item }] of lots.entries()) {
    const closesAtMs = startMs + marginMs.start + Math.round((spanMs * (index + 1)) / lots.length);
    const at = { intendedMs: nowMs(), random: randomOfIteration(settings.seed, 'setup', index) };
    const durationMs = Math.max(1, closesAtMs - at.intendedMs);
    const { data } = await perform(
      settings,
      at,
      openAuction(sessionId, { seller, item, startingBid, durationMs }),
    );
    const auction = data['auction'];
    if (typeof auction === 'string') known.push({ sessionId, auction, item, seller, closesAtMs });
  }
  await waitForStart(settings, startMs);
  return known;
}

/** One that is about to close mostly, so that many bid at once; any that is open otherwise. */
export function auctionToBidOn(
  known: readonly KnownAuction[],
  random: IterationRandom,
): KnownAuction | undefined {
  const open = known.filter(({ closesAtMs }) => closesAtMs > nowMs() - lateMs);
  if (random.next() < 0.2) return open[random.integer(0, Math.max(0, open.length - 1))];
  return open[Math.min(random.integer(0, 4), open.length - 1)];
}

/** One that has been over for a while, whether it was settled or not: it takes no bids any more. */
export function auctionOver(
  known: readonly KnownAuction[],
  random: IterationRandom,
): KnownAuction | undefined {
  const over = known.filter(({ closesAtMs }) => closesAtMs < nowMs() - overMs);
  return over[over.length - 1 - random.integer(0, Math.min(3, over.length - 1))];
}

const overMs = 150;

/** Bids that come a little too late are part of a storm. */
const lateMs = 60;

/** One that has just closed mostly; sometimes one that has not, or one that was settled long ago. */
export function auctionToSettle(
  known: readonly KnownAuction[],
  random: IterationRandom,
): KnownAuction | undefined {
  const closed = known.filter(({ closesAtMs }) => closesAtMs <= nowMs()).length;
  const choice = random.next();
  if (choice < 0.1) return known[closed];
  // The last to close: far enough from its end that a slow machine does not make the request come in time.
  if (choice < 0.25) return known.at(-1);
  if (choice < 0.4) return known[random.integer(0, Math.max(0, closed - 1))];
  return known[Math.max(0, closed - 1 - random.integer(0, 1))];
}

/** Rises with time, so that most bids beat the one before; some do not, and a few are more than anybody has. */
export function amountToBid(settings: GameSettings, random: IterationRandom): number {
  const choice = random.next();
  if (choice < 0.06) return 1_000_000;
  const elapsedMs = nowMs() - exec.scenario.startTime;
  return startingBid + Math.floor((elapsedMs / settings.durationMs) * 300) + random.integer(0, 12);
}
