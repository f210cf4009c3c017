/**
 * The command line in the manner of Go's flag package, as the original reads it: `-port 8474`, `-port=8474` and the same with two dashes; a switch
 * stands alone or says `=false`. Start scripts of the original work unchanged.
 */

export interface Flags {
  readonly host: string;
  readonly port: number;
  readonly seed: string;
  readonly config: string | undefined;
  readonly proxyMetrics: boolean;
  readonly runtimeMetrics: boolean;
}

export type ParsedFlags =
  | { readonly kind: 'run'; readonly flags: Flags }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly problem: string };

/** By name: what the flag means, and whether it takes a value. */
const known = {
  config: { takes: 'file', text: 'JSON list of proxies to create at the start' },
  help: { takes: undefined, text: 'show this text' },
  host: { takes: 'host', text: 'interface of the API (default 127.0.0.1)' },
  port: { takes: 'port', text: 'port of the API; 0 picks one (default 8474)' },
  'proxy-metrics': { takes: undefined, text: 'serve /metrics with the bytes of each proxy' },
  'runtime-metrics': { takes: undefined, text: 'serve /metrics with memory and CPU of the process' },
  seed: { takes: 'seed', text: 'every random draw comes from it (default 0)' },
  version: { takes: undefined, text: 'print the version and exit' },
} as const;
type FlagName = keyof typeof known;

/** Go's own spellings of a boolean. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

export const usage = [
  'Usage: toxiproxy [flags]',
  ...Object.entries(known).map(
    ([name, { takes, text }]) => `  -${name}${takes === undefined ? '' : ` ${takes}`}\n    \t${text}`,
  ),
  '',
].join('\n');

export function parseFlags(args: readonly string[]): ParsedFlags {
  const values = new Map<FlagName, string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, given = '', inline] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (given === '') return { kind: 'wrong', problem: `unexpected argument: ${word}` };
    const name = given === 'h' ? 'help' : given;
    if (!isKnown(name)) return { kind: 'wrong', problem: `flag provided but not defined: -${given}` };
    const value = inline ?? (known[name].takes === undefined ? 'true' : rest.shift());
    if (value === undefined) return { kind: 'wrong', problem: `flag needs an argument: -${name}` };
    if (known[name].takes === undefined && !booleans.has(value)) {
      return { kind: 'wrong', problem: `invalid boolean value "${value}" for -${name}` };
    }
    values.set(name, value);
  }
  const isOn = (name: FlagName): boolean => booleans.get(values.get(name) ?? 'false') === true;
  if (isOn('help')) return { kind: 'help' };
  if (isOn('version')) return { kind: 'version' };
  const port = values.get('port') ?? '8474';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return { kind: 'wrong', problem: `invalid value "${port}" for -port: a port is 0 to 65535` };
  }
  return {
    kind: 'run',
    flags: {
      host: values.get('host') ?? '127.0.0.1',
      port: Number(port),
      seed: values.get('seed') ?? '0',
      config: values.get('config'),
      proxyMetrics: isOn('proxy-metrics'),
      runtimeMetrics: isOn('runtime-metrics'),
    },
  };
}

function isKnown(name: string): name is FlagName {
  return Object.hasOwn(known, name);
}
