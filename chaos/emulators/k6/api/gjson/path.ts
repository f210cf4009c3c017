/** The next step of a GJSON path. Which characters mean something depends on what the step is taken from. */
import { isModifier } from './modifiers.ts';

export interface ObjectStep {
  readonly key: string;
  readonly isPattern: boolean;
  /** What follows a dot. */
  readonly rest: string | undefined;
  /** What follows a pipe, which is applied to the result of all before it. */
  readonly pipe: string | undefined;
}

export interface Query {
  readonly path: string;
  /** Empty asks only whether the path leads somewhere. */
  readonly operator: string;
  readonly value: string;
  readonly all: boolean;
}

export type ArrayStep =
  | { readonly kind: 'count'; readonly pipe: string | undefined }
  | { readonly kind: 'each'; readonly path: string }
  | {
      readonly kind: 'index';
      readonly index: number | undefined;
      readonly rest: string | undefined;
      readonly pipe: string | undefined;
    }
  | {
      readonly kind: 'query';
      readonly query: Query;
      readonly rest: string | undefined;
      readonly pipe: string | undefined;
    };

export function objectStep(path: string): ObjectStep {
  let key = '';
  let isPattern = false;
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at];
    if (character === '\\') {
      at += 1;
      key += isPattern ? `\\${path[at] ?? ''}` : (path[at] ?? '');
    } else if (character === '.' || character === '|') {
      return { isPattern, key, ...behind(path, at) };
    } else {
      // What was taken as it is has to stay so once the rest is a pattern.
      if ((character === '*' || character === '?') && !isPattern) {
        isPattern = true;
        key = key.replaceAll(/[*?\\]/g, '\\$&');
      }
      key += character;
    }
  }
  return { isPattern, key, pipe: undefined, rest: undefined };
}

export function arrayStep(path: string): ArrayStep {
  if (path.startsWith('#(') || path.startsWith('#[')) {
    const parsed = readQuery(path);
    if (parsed !== undefined) {
      const { end, query } = parsed;
      return {
        kind: 'query',
        query,
        ...(end < path.length ? behind(path, end) : { pipe: undefined, rest: undefined }),
      };
    }
  }
  if (path.startsWith('#.')) return { kind: 'each', path: path.slice(2) };
  const end = path.search(/[.|]/);
  const part = end < 0 ? path : path.slice(0, end);
  const after = end < 0 ? { pipe: undefined, rest: undefined } : behind(path, end);
  if (part === '#') return { kind: 'count', pipe: after.pipe };
  return { index: /^\d+$/.test(part) ? Number(part) : undefined, kind: 'index', ...after };
}

/** A dot before something that works on the whole is a pipe. */
function behind(path: string, at: number): { pipe: string | undefined; rest: string | undefined } {
  const after = path.slice(at + 1);
  return path[at] === '|' || worksOnWhole(after)
    ? { pipe: after, rest: undefined }
    : { pipe: undefined, rest: after };
}

function worksOnWhole(path: string): boolean {
  if (path.startsWith('@')) return isModifier(/^@([^.|:]*)/.exec(path)?.[1] ?? '');
  return path.startsWith('[') || path.startsWith('{');
}

/** `#(path operator value)`, and whether all that match are meant. */
function readQuery(path: string): { end: number; query: Query } | undefined {
  const close = matchingEnd(path, 1);
  if (close === undefined) return undefined;
  const all = path[close + 1] === '#';
  const inside = path.slice(2, close);
  const operatorAt = findOperator(inside);
  const end = close + (all ? 2 : 1);
  if (operatorAt === undefined) return { end, query: { all, operator: '', path: inside.trim(), value: '' } };
  const [whole = '', operator = ''] = /^(!=|!%|<=|>=|==|[<>=%])/.exec(inside.slice(operatorAt)) ?? [];
  const value = inside.slice(operatorAt + whole.length).trim();
  return {
    end,
    query: {
      all,
      operator: operator === '==' ? '=' : operator,
      path: inside.slice(0, operatorAt).trim(),
      value: unquoted(value),
    },
  };
}

function unquoted(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

/** Outside of brackets and quotes. */
function findOperator(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    else if ('[('.includes(character)) depth += 1;
    else if ('])'.includes(character)) depth -= 1;
    else if (character === '"') at = endOfQuotes(text, at);
    else if (depth === 0 && '!=<>%'.includes(character)) return at;
  }
  return undefined;
}

/** Where the bracket at `start` closes. */
export function matchingEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '"') at = endOfQuotes(text, at);
    else if ('[({'.includes(character)) depth += 1;
    else if ('])}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

function endOfQuotes(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** A path whose end behind a pipe is for the list of results and not for each. */
export function splitPipe(path: string): { path: string; pipe: string | undefined } {
  let depth = 0;
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '"') at = endOfQuotes(path, at);
    else if ('[({'.includes(character)) depth += 1;
    else if ('])}'.includes(character)) depth -= 1;
    else if (depth === 0 && (character === '|' || (character === '.' && worksOnWhole(path.slice(at + 1))))) {
      return { path: path.slice(0, at), pipe: path.slice(at + 1) };
    }
  }
  return { path, pipe: undefined };
}
