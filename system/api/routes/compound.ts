/** Operations on several entities at once: occupation, destruction, hiring, diplomacy, auctions, battles. */
import { z } from 'zod';
import { openAuction, placeBid, settleAuction } from '../../compound/auctions.ts';
import { changeDiplomacy } from '../../compound/change-diplomacy.ts';
import { destroyNation } from '../../compound/destroy-nation.ts';
import { finishBattle } from '../../compound/finish-battle.ts';
import { hireGeneral } from '../../compound/hire-general.ts';
import { occupyCity } from '../../compound/occupy-city.ts';
import {
  auctionSettlement,
  battleFinalisation,
  cityOccupation,
  nationDestruction,
} from '../../compound/operations.ts';
import { type CompoundOperation, runCompound } from '../../compound/run-compound.ts';
import { relationStateSchema } from '../../models/relation.ts';
import type { System } from '../../system.ts';
import type { Api } from '../api.ts';
import {
  cityParams,
  idempotencyHeaders,
  nameInPath,
  nationParams,
  sessionIdSchema,
  sessionParams,
} from '../input.ts';

const number = z.int().min(1).max(999_999_999);
const gold = z.int().min(1).max(1_000_000_000);
const namedParams = z.object({ id: sessionIdSchema, name: nameInPath });

const auctionBody = z.strictObject({
  seller: number,
  item: number,
  startingBid: gold,
  durationMs: z.int().min(1).max(86_400_000),
});
const bidBody = z.strictObject({ bidder: number, amount: gold });
const battleBody = z.strictObject({ winner: z.enum(['attacker', 'defender']).optional() }).nullish();
const occupyBody = z.strictObject({ general: number });
const hireBody = z.strictObject({
  nation: number,
  name: z.string().min(1).max(60),
  gold: z.int().min(0).max(1_000_000_000),
  population: z.int().min(0).max(1_000_000_000),
});
const diplomacyBody = z
  .strictObject({ from: number, to: number, state: relationStateSchema })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another nation' });

interface KeyedRequest {
  readonly headers: { readonly 'idempotency-key'?: string | undefined };
}

export function addCompoundRoutes(app: Api, system: System): void {
  const { collections, compound } = system;
  const headers = idempotencyHeaders;

  /** The operation with the client's key; without one a repetition is recognised only by what it would change. */
  function keyed(
    request: KeyedRequest,
    operation: Omit<CompoundOperation, 'idempotencyKey'>,
  ): CompoundOperation {
    const key = request.headers['idempotency-key'];
    return key === undefined ? operation : { ...operation, idempotencyKey: key };
  }

  app.post(
    '/api/sessions/:id/auctions',
    { schema: { summary: 'Put an item up for auction', params: sessionParams, headers, body: auctionBody } },
    async (request, reply) => {
      const { id: sessionId } = request.params;
      const opening = { ...request.body, sessionId, auction: system.random.uuid() };
      const operation = keyed(request, {
        sessionId,
        request: { operation: 'open-auction', ...request.body },
        locks: [],
        body: (unit) => openAuction(unit, collections, opening),
      });
      reply.code(201);
      return await runCompound(compound, operation, request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/auctions/:name/bids',
    { schema: { summary: 'Bid', params: namedParams, headers, body: bidBody } },
    async (request) => {
      const { id: sessionId, name: auction } = request.params;
      const operation = keyed(request, {
        sessionId,
        request: { operation: 'bid', auction, ...request.body },
        locks: [],
        body: (unit) => placeBid(unit, collections, { ...request.body, sessionId, auction }),
      });
      return await runCompound(compound, operation, request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/auctions/:name/settle',
    { schema: { summary: 'Settle an auction whose time is up', params: namedParams, headers } },
    async (request) => {
      const { id, name } = request.params;
      const operation = auctionSettlement(system.config, id, name, (unit) =>
        settleAuction(unit, collections, id, name),
      );
      return await runCompound(compound, keyed(request, operation), request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/battles/:name/finish',
    { schema: { summary: 'End a battle', params: namedParams, headers, body: battleBody } },
    async (request) => {
      const { id: sessionId, name } = request.params;
      const winner = request.body?.winner;
      const operation = await battleFinalisation(system, sessionId, name, (unit) =>
        finishBattle(unit, collections, { sessionId, name, winner }),
      );
      return await runCompound(compound, keyed(request, operation), request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/cities/:city/occupy',
    { schema: { summary: 'Take a city', params: cityParams, headers, body: occupyBody } },
    async (request) => {
      const { id: sessionId, city } = request.params;
      const { general } = request.body;
      const operation = cityOccupation(system.config, sessionId, city, general, (unit) =>
        occupyCity(unit, collections, { sessionId, city, general }),
      );
      return await runCompound(compound, keyed(request, operation), request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/nations/:nation/destroy',
    { schema: { summary: 'End a nation', params: nationParams, headers } },
    async (request) => {
      const { id: sessionId, nation } = request.params;
      const operation = nationDestruction(system.config, sessionId, nation, (unit) =>
        destroyNation(unit, collections, sessionId, nation),
      );
      return await runCompound(compound, keyed(request, operation), request.deadline);
    },
  );

  app.post(
    '/api/sessions/:id/generals/hire',
    { schema: { summary: 'Hire a general', params: sessionParams, headers, body: hireBody } },
    async (request, reply) => {
      const { id: sessionId } = request.params;
      const operation = keyed(request, {
        sessionId,
        request: { operation: 'hire', ...request.body },
        locks: [],
        body: (unit) => hireGeneral(unit, collections, { sessionId, ...request.body }),
      });
      const result = await runCompound(compound, operation, request.deadline);
      if (result.outcome === 'applied') reply.code(201);
      return result;
    },
  );

  app.post(
    '/api/sessions/:id/diplomacy',
    {
      schema: {
        summary: 'Change the relation of two nations',
        params: sessionParams,
        headers,
        body: diplomacyBody,
      },
    },
    async (request) => {
      const { id: sessionId } = request.params;
      const operation = keyed(request, {
        sessionId,
        request: { operation: 'diplomacy', ...request.body },
        locks: [],
        body: (unit) => changeDiplomacy(unit, collections, { sessionId, ...request.body }),
      });
      return await runCompound(compound, operation, request.deadline);
    },
  );
}
