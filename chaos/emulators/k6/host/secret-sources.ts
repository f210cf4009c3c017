/** Secrets of `--secret-source`. Whatever a script was given is hidden in the log from then on. */
import { readFileSync } from 'node:fs';
import type { Outcome } from '../api/host.ts';
import { messageOf, RunError } from '../errors.ts';

type Source = ReadonlyMap<string, string>;

const hidden = '***SECRET_REDACTED***';

export class SecretSources {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #given = new Set<string>();

  constructor(sources: ReadonlyMap<string, Source>) {
    this.#sources = sources;
  }

  get(sourceName: string, key: string): Outcome<string> {
    if (this.#sources.size === 0) return { message: 'no secret sources are configured', ok: false };
    const source = this.#sources.get(sourceName);
    if (source === undefined) {
      return { message: `no secret source with name ${JSON.stringify(sourceName)} is configured`, ok: false };
    }
    const value = source.get(key);
    if (value === undefined) return { message: 'no value', ok: false };
    if (value.trim() !== '') this.#given.add(value);
    return { ok: true, value };
  }

  readonly redact = (text: string): string => {
    let shown = text;
    for (const secret of this.#given) shown = shown.replaceAll(secret, hidden);
    return shown;
  };
}

/** Each as `KIND=CONFIGURATION`. Throws a `RunError` for one that cannot be read. */
export function openSecretSources(definitions: readonly string[]): SecretSources {
  const sources = new Map<string, Source>();
  for (const definition of definitions) {
    const separator = definition.indexOf('=');
    const kind = separator === -1 ? definition : definition.slice(0, separator);
    const { isDefault, name, rest } = nameOf(separator === -1 ? '' : definition.slice(separator + 1));
    const source = openSource(kind, rest, definition);
    const key = name === '' ? kind : name;
    if (sources.has(key))
      throw wrong(`secret source for name "${key}" already registered before "${definition}"`);
    sources.set(key, source);
    if (!isDefault) continue;
    if (sources.has('default'))
      throw wrong(`can't have two secret sources that are default ones, second one was "${definition}"`);
    sources.set('default', source);
  }
  const [only, ...others] = sources.values();
  if (only !== undefined && others.length === 0) sources.set('default', only);
  return new SecretSources(sources);
}

/** `name=…` and `default` may stand anywhere in a configuration. */
function nameOf(configuration: string): { name: string; isDefault: boolean; rest: readonly string[] } {
  const parts = configuration.split(',').filter((part) => part !== '');
  const named = parts.find((part) => part.startsWith('name='));
  return {
    isDefault: parts.includes('default'),
    name: named?.slice('name='.length) ?? '',
    rest: parts.filter((part) => part !== named && part !== 'default'),
  };
}

function openSource(kind: string, parts: readonly string[], definition: string): Source {
  switch (kind) {
    case 'file':
      return readSecretFile(parts);
    case 'mock':
      return new Map(parts.map(parseSecret));
    default:
      throw wrong(
        `no secret source for type "${kind}" for configuration "${definition}": the built-in runtime has file and mock`,
      );
  }
}

function readSecretFile(parts: readonly string[]): Source {
  let path = '';
  for (const part of parts) {
    const separator = part.indexOf('=');
    const key = separator === -1 ? 'filename' : part.slice(0, separator);
    if (key !== 'filename') throw wrong(`unknown configuration key for file secret source "${key}"`);
    path = part.slice(separator + 1);
  }
  try {
    const lines = readFileSync(path, 'utf8').replace(/\n$/, '').split(/\r?\n/);
    return new Map(lines.map(parseSecret));
  } catch (error) {
    throw error instanceof RunError ? error : wrong(messageOf(error));
  }
}

function parseSecret(text: string): [string, string] {
  const separator = text.indexOf('=');
  if (separator === -1) throw wrong(`parsing ${JSON.stringify(text)}, needs =`);
  return [text.slice(0, separator), text.slice(separator + 1)];
}

function wrong(message: string): RunError {
  return new RunError('usage', message);
}
