/**
 * What every API shows at rest, past no cache and with none left to hide behind: each entity and list by its own route, health, metrics, and how busy Redis
 * still is. It also fills the caches: a fault may have emptied them, and an empty cache agrees with everything.
 */
import { z } from 'zod';
import { gaugeFindings } from './invariants/i18-nothing-left.ts';
import type { HttpAnswer, Json, JsonObject, TargetContext } from '../chaos/api/index.ts';

/** The first entities of a session are those that scripts write to most. */
const entitiesRead = 10;
const restMs = 300;
const limitMs = 10_000;

const sessionsSchema = z.array(z.object({ _id: z.string() }));

export async function readEverything(context: TargetContext): Promise<JsonObject> {
  const { http, mongo, urls } = context;
  const sessions = sessionsSchema.parse(await mongo.collection('sessions').find().toArray());
  const paths = sessions.flatMap(({ _id: id }) => [
    `/api/sessions/${id}`,
    ...['cities', 'generals', 'nations'].flatMap((list) => [
      `/api/sessions/${id}/${list}`,
      ...Array.from({ length: entitiesRead }, (_, index) => `/api/sessions/${id}/${list}/${index + 1}`),
    ]),
  ]);
  const apis = urls['api'] ?? [];
  let shown: JsonObject[] = [];
  let surroundings: JsonObject[] = [];
  // A busy machine may keep an answer, or open a circuit breaker, for a moment.
  await context.until(async () => {
    shown = await Promise.all(
      apis.flatMap((url) => paths.map(async (path) => shownBy(path, await http.get(`${url}${path}`)))),
    );
    surroundings = await Promise.all(
      apis.map(async (url) => ({
        metrics: gaugesOf((await http.get(`${url}/metrics`)).body),
        health: healthOf(await http.get(`${url}/api/health`)),
      })),
    );
    return (
      shown.every(({ status }) => status === 200 || status === 404) &&
      surroundings.every((one) => gaugeFindings(one).length === 0)
    );
  }, limitMs);
  return { shown, surroundings, redisCommandsPerSecond: await commandsPerSecond(context) };
}

const bodySchema = z.object({ data: z.json() });

function shownBy(path: string, { status, body }: HttpAnswer): JsonObject {
  const parsed = bodySchema.safeParse(body);
  return { path, status, data: parsed.success ? (parsed.data.data as Json) : null };
}

/** Values of the target's own figures by name and labels, such as `opensam_saves_total{path="queue",outcome="applied"}`. */
function gaugesOf(body: unknown): JsonObject {
  const lines = typeof body === 'string' ? body.split('\n') : [];
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(opensam_[a-z0-9_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
      if (name === undefined || name.includes('_seconds')) return [];
      return [[name, Number(value)] as const];
    }),
  );
}

const healthSchema = z.object({
  data: z.object({
    redis: z.string(),
    mongo: z.string(),
    breaker: z.string(),
    unconfirmedSaves: z.number(),
    instance: z.string(),
  }),
});

function healthOf({ status, body }: HttpAnswer): JsonObject {
  const parsed = healthSchema.safeParse(body);
  return { status, ...(parsed.success ? parsed.data.data : {}) };
}

/** Of a Redis that serves nothing but a system at rest. */
async function commandsPerSecond({ redis, clock, signal }: TargetContext): Promise<number> {
  const count = async () =>
    Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1] ?? Number.NaN);
  const before = await count();
  await clock.sleep(restMs, signal);
  return Math.round(((await count()) - before) / (restMs / 1_000));
}
