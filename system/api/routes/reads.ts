/** Reads of entities and lists, all through the cache layer. */
import { type ErrorCode, SystemError } from '../../errors.ts';
import type { System } from '../../system.ts';
import { cityParams, generalParams, nationParams, sessionParams } from '../input.ts';
import type { Api } from '../api.ts';

export function addReadRoutes(app: Api, system: System): void {
  const { reads } = system;

  app.get(
    '/api/sessions/:id',
    { schema: { summary: 'A session', params: sessionParams } },
    async ({ params: { id } }) => ({ data: await session(id) }),
  );

  app.get(
    '/api/sessions/:id/generals',
    { schema: { summary: 'The generals of a session', params: sessionParams } },
    async ({ params: { id } }) => ({ data: await listOf(id, await reads.listGenerals(id)) }),
  );

  app.get(
    '/api/sessions/:id/generals/:no',
    { schema: { summary: 'A general by its number', params: generalParams } },
    async ({ params: { id, no } }) => ({
      data: found(await reads.getGeneralByNo(id, no), 'general_unknown', `general ${no} in ${id}`),
    }),
  );

  app.get(
    '/api/sessions/:id/cities',
    { schema: { summary: 'The cities of a session', params: sessionParams } },
    async ({ params: { id } }) => ({ data: await listOf(id, await reads.listCities(id)) }),
  );

  app.get(
    '/api/sessions/:id/cities/:city',
    { schema: { summary: 'A city by its number', params: cityParams } },
    async ({ params: { id, city } }) => ({
      data: found(await reads.getCity(id, city), 'city_unknown', `city ${city} in ${id}`),
    }),
  );

  app.get(
    '/api/sessions/:id/nations',
    { schema: { summary: 'The nations of a session', params: sessionParams } },
    async ({ params: { id } }) => ({ data: await listOf(id, await reads.listNations(id)) }),
  );

  app.get(
    '/api/sessions/:id/nations/:nation',
    { schema: { summary: 'A nation by its number', params: nationParams } },
    async ({ params: { id, nation } }) => ({
      data: found(await reads.getNation(id, nation), 'nation_unknown', `nation ${nation} in ${id}`),
    }),
  );

  async function session(id: string) {
    return found(await reads.getSession(id), 'session_unknown', `session ${id}`);
  }

  /** An empty list may mean that there is no such session. */
  async function listOf<T>(id: string, list: readonly T[]): Promise<readonly T[]> {
    if (list.length === 0) await session(id);
    return list;
  }
}

function found<T>(value: T | null, code: ErrorCode, what: string): T {
  if (value === null) throw new SystemError(code, `there is no ${what}`);
  return value;
}
