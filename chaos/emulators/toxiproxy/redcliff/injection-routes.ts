/** The routes of injections, and of the commands that wait for a decision. */
import { z } from 'zod';
import { json, noContent } from '../api/answer.ts';
import type { Route } from '../api/router.ts';
import { ApiError } from '../errors.ts';
import { endings } from './plan.ts';
import { parseBody } from './parse-body.ts';
import type { Holds } from './holds.ts';
import { injectionSchema, type InjectionList } from './injection-list.ts';

const WAIT_MS_MAX = 30_000;

const decisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('pass') }),
  z.strictObject({ decision: z.literal('cut'), ending: z.enum(endings).default('close') }),
]);

export function injectionRoutes(injections: InjectionList, holds: Holds): Route[] {
  return [
    {
      methods: ['GET'],
      path: '/redcliff/injections',
      handle: () => answer(200, { injections: injections.all() }),
    },
    {
      methods: ['POST'],
      path: '/redcliff/injections',
      handle: ({ body }) => answer(201, injections.add(parseBody(injectionSchema, body))),
    },
    {
      methods: ['DELETE'],
      path: '/redcliff/injections',
      handle: () => {
        injections.clear();
        return noContent();
      },
    },
    {
      methods: ['GET'],
      path: '/redcliff/injections/{injection}',
      handle: ({ parameters }) => answer(200, injections.get(parameters['injection'] ?? '')),
    },
    {
      methods: ['DELETE'],
      path: '/redcliff/injections/{injection}',
      handle: ({ parameters }) => {
        injections.remove(parameters['injection'] ?? '');
        return noContent();
      },
    },
    {
      methods: ['GET'],
      path: '/redcliff/holds',
      waits: true,
      handle: async ({ query }) => answer(200, { holds: await holds.next(waitMsOf(query)) }),
    },
    {
      methods: ['POST'],
      path: '/redcliff/holds/{hold}',
      handle: ({ parameters, body }) => {
        holds.decide(Number(parameters['hold']), parseBody(decisionSchema, body));
        return noContent();
      },
    },
  ];
}

function waitMsOf(query: URLSearchParams): number {
  const text = query.get('waitMs') ?? '0';
  const waitMs = Number(text);
  if (!/^\d+$/.test(text) || waitMs > WAIT_MS_MAX) {
    throw new ApiError('badRequestBody', `waitMs: 0 to ${WAIT_MS_MAX}`);
  }
  return waitMs;
}

function answer(status: number, body: unknown) {
  return json(status, JSON.stringify(body));
}
