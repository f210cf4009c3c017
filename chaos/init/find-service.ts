/** Finds out what a folder says about the service in it: how it is started, and which variables hold its addresses. Changes nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';

export interface FoundService {
  readonly name: string;
  /** Null when nothing says how it is started. */
  readonly command: readonly [string, ...string[]] | null;
  readonly portVariable: string;
  readonly redisVariables: readonly string[];
  readonly mongoVariables: readonly string[];
}

const packageSchema = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
});
const variableFiles = [
  '.env',
  '.env.example',
  '.env.sample',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
];
/** Files in which a service is usually begun, where package.json does not name one. */
const entries = [
  'server.js',
  'server.mjs',
  'server.ts',
  'index.js',
  'index.mjs',
  'app.js',
  'src/index.js',
  'src/server.js',
];
const startFiles = [...entries, 'app.py', 'main.py', 'server.py'];

export function findService(folder: string): FoundService {
  const description = readPackage(folder);
  const command = startCommand(folder, description);
  const texts = [...variableFiles, command?.at(-1) ?? ''].map((file) => textOf(join(folder, file)));
  const variables = [...new Set(texts.flatMap(variablesIn))];
  return {
    name: nameFrom(description?.name ?? basename(resolve(folder))),
    command,
    portVariable: variables.find((name) => /^(?:HTTP_|APP_|SERVER_)?PORT$/.test(name)) ?? 'PORT',
    redisVariables: variables.filter((name) => /REDIS.*(?:URL|URI)$|^REDIS$|CACHE_URL$/.test(name)),
    mongoVariables: variables.filter((name) => /MONGO.*(?:URL|URI)$|^MONGO(?:DB)?$/.test(name)),
  };
}

/** The OpenAPI document of a folder, where it usually is; null when there is none. */
export function findOpenApi(folder: string): string | null {
  const names = ['openapi', 'swagger'].flatMap((name) =>
    ['json', 'yaml', 'yml'].map((end) => `${name}.${end}`),
  );
  const files = ['', 'docs', 'api'].flatMap((under) => names.map((name) => join(folder, under, name)));
  return files.find((file) => existsSync(file)) ?? null;
}

function readPackage(folder: string): z.infer<typeof packageSchema> | null {
  const text = textOf(join(folder, 'package.json'));
  if (text === '') return null;
  const parsed = packageSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

function startCommand(
  folder: string,
  description: z.infer<typeof packageSchema> | null,
): FoundService['command'] {
  const script = description?.scripts?.['start'];
  // Anything that needs a shell is started by npm, which has one.
  if (script !== undefined && /^node(?: [\w./-]+)+$/.test(script)) {
    const [program = 'node', ...args] = script.split(' ');
    return [program, ...args];
  }
  if (script !== undefined) return ['npm', 'start'];
  const file = [description?.main ?? '', ...startFiles].find(
    (name) => name !== '' && existsSync(join(folder, name)),
  );
  if (file === undefined) return null;
  return [file.endsWith('.py') ? 'python3' : 'node', file];
}

/** Names that are assigned, or read from the environment in JavaScript or Python. */
function variablesIn(text: string): string[] {
  const assigned = text.matchAll(/^\s*(?:-\s*)?(?:export\s+)?([A-Z][A-Z0-9_]*)\s*[=:]/gm);
  const read = text.matchAll(
    /(?:process\.env\.|process\.env\[['"]|environ(?:\.get\(|\[)['"]|getenv\(['"])([A-Z][A-Z0-9_]*)/g,
  );
  return [...assigned, ...read].flatMap(([, name]) => name ?? []);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? 'service' : name;
}
