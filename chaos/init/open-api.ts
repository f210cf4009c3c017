/** Requests of a first scenario from an OpenAPI document: writes, with the reads of the same resource. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { pathsOfYaml } from './open-api-yaml.ts';

export interface FoundRequest {
  readonly name: string;
  readonly kind: 'read' | 'write';
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** With `{name}` for each parameter. */
  readonly path: string;
}

const deadlineMs = 10_000;
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const names = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;
const documentSchema = z.object({
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), z.unknown())),
});

/** `given` is a file or an address. Throws UsageError. */
export async function readOpenApi(given: string): Promise<readonly FoundRequest[]> {
  const text = await readText(given);
  const parsed = parseDocument(text, given);
  const document = documentSchema.safeParse(parsed);
  if (!document.success)
    throw new UsageError(
      `--openapi "${given}" is not an OpenAPI document: it has no paths`,
      'give one of OpenAPI 3',
    );
  return requestsOf(document.data.paths);
}

/** JSON begins with a brace; anything else is read as YAML. */
function parseDocument(text: string, given: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : { paths: pathsOfYaml(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--openapi "${given}" cannot be read: ${why}`, 'give it in JSON', { cause: error });
  }
}

/** Paths that are written to come first, each followed by the reads of the same collection. */
export function requestsOf(
  paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly FoundRequest[] {
  const all = Object.entries(paths).flatMap(([path, operations]) =>
    methods
      .filter((method) => operations[method] !== undefined)
      .map((method): FoundRequest => ({
        name: `${method} ${path.replace(/[{}]/g, '')}`,
        kind: method === 'get' ? 'read' : 'write',
        method: names[method],
        path,
      })),
  );
  const written = new Set(all.filter(({ kind }) => kind === 'write').map(({ path }) => collectionOf(path)));
  const paired = [...written].flatMap((collection) => {
    const own = all.filter(({ path }) => collectionOf(path) === collection);
    return [...own.filter(({ kind }) => kind === 'write'), ...own.filter(({ kind }) => kind === 'read')];
  });
  return [...paired, ...all.filter((request) => !paired.includes(request))];
}

/** `/carts/{id}/lines` is of `/carts`. */
function collectionOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

async function readText(given: string): Promise<string> {
  try {
    if (!/^https?:/.test(given)) return await readFile(given, 'utf8');
    const answer = await fetch(given, { signal: AbortSignal.timeout(deadlineMs) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.text();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--openapi "${given}" cannot be read: ${why}`, 'give a file or an address', {
      cause: error,
    });
  }
}
