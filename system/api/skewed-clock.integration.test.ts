/** API processes whose wall clock is wrong by an hour: what is due is the database's to say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { serverTimeMs } from '../database/server-time.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { adminToken } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import type { Api } from './api.ts';
import { buildServer } from './server.ts';

const hourMs = 3_600_000;
let stack: TestStack;
let system: System;

interface Skewed {
  readonly system: System;
  readonly app: Api;
}
let ahead: Skewed;
let behind: Skewed;

async function open(skewMs: number): Promise<Skewed> {
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + skewMs };
  const skewed = await openTestSystem(stack, undefined, clock);
  return { system: skewed, app: await buildServer(skewed) };
}

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  ahead = await open(hourMs);
  behind = await open(-hourMs);
  await plantTestWorld(system, 'w', { items: 4, tournaments: 1, battleDurationMs: 1 });
});

afterAll(async () => {
  for (const skewed of [ahead, behind]) {
    await skewed.app.close();
    await skewed.system[Symbol.asyncDispose]();
  }
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function post({ app }: Skewed, url: string, body: object = {}) {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await app.inject({ method: 'POST', url, headers, payload: body });
  return answer.json<{ outcome?: string; error?: { code: string }; data?: Record<string, unknown> }>();
}

async function openAuction(by: Skewed, number: number, durationMs: number): Promise<string> {
  const item = await system.collections.items.documents.findOne({ _id: `w:i${number}` });
  const body = { seller: item?.owner, item: number, startingBid: 1, durationMs };
  const { data } = await post(by, '/api/sessions/w/auctions', body);
  return String(data?.['auction']);
}

const skews = [
  ['an hour ahead', () => ahead],
  ['an hour behind', () => behind],
] as const;

describe.each(skews)('a process %s', (_skew, process) => {
  const itemOf = () => (process() === ahead ? 1 : 2);

  it('opens auctions for as long as asked, and settles none before its time', async () => {
    const auction = await openAuction(process(), itemOf(), 60_000);
    const { closes_at: closesAt } =
      (await system.collections.auctions.documents.findOne({ _id: `w:a${auction}` })) ?? {};
    const inMs = (closesAt?.getTime() ?? 0) - (await serverTimeMs(system.database));
    expect(inMs).toBeGreaterThan(0);
    expect(inMs).toBeLessThanOrEqual(60_000);
    const settled = await post(process(), `/api/sessions/w/auctions/${auction}/settle`);
    expect(settled.error?.code).toBe('auction_not_over');
  });

  it('settles an auction whose time is up, and takes no bid for it', async () => {
    const auction = await openAuction(ahead, itemOf() + 2, 60_000);
    await system.collections.auctions.documents.updateOne(
      { _id: `w:a${auction}` },
      { $set: { closes_at: new Date((await serverTimeMs(system.database)) - 1_000) } },
    );
    const path = `/api/sessions/w/auctions/${auction}`;
    const bid = await post(process(), `${path}/bids`, { bidder: 1, amount: 5 });
    expect(bid.error?.code).toBe('auction_closed');
    expect(await post(process(), `${path}/settle`)).toMatchObject({ outcome: 'applied' });
  });

  it('makes a world whose first turn is a period away', async () => {
    const sessionId = process() === ahead ? 'made-ahead' : 'made-behind';
    const size = { seed: 1, generals: 1, cities: 1, nations: 1, battles: 1, tournaments: 0 };
    await post(process(), '/api/admin/sessions', { ...size, sessionId, turnPeriodMs: 60_000 });
    const session = await readFresh(system.collections.entities.session, sessionId);
    const inMs = (session?.next_turn_at.getTime() ?? 0) - (await serverTimeMs(system.database));
    expect(inMs).toBeGreaterThan(0);
    expect(inMs).toBeLessThanOrEqual(60_000);
  });

  it('keeps the answers to requests for a day, and puts the next round a period away', async () => {
    const round = process() === ahead ? 1 : 2;
    await post(process(), `/api/sessions/w/tournaments/1/rounds/${round}`);
    const tournament = await system.collections.tournaments.documents.findOne({ _id: 'w:t1' });
    expect(tournament?.round).toBe(round);
    const nowMs = await serverTimeMs(system.database);
    const inMs = (tournament?.next_round_at.getTime() ?? 0) - nowMs;
    expect(inMs).toBeLessThanOrEqual(tournament?.round_period_ms ?? 0);
    expect(inMs).toBeGreaterThan(-60_000);
    const key = `key-${round}`;
    const hire = { nation: 1, name: 'New', gold: 1, population: 1 };
    const headers = { 'idempotency-key': key };
    await process().app.inject({
      method: 'POST',
      url: '/api/sessions/w/generals/hire',
      headers,
      payload: hire,
    });
    const answered = await system.collections.answeredRequests.findOne({ _id: `w:${key}` });
    expect(Math.abs((answered?.at.getTime() ?? 0) - nowMs)).toBeLessThan(60_000);
  });
});
