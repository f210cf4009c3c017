/**
 * Paths into JSON as GJSON has them (github.com/tidwall/gjson, SYNTAX.md), which is what `response.json(selector)` takes: keys,
 * indexes, wildcards, `#`, queries, modifiers, literals, and objects and lists made of several paths.
 */
import { applyModifier, isModifier } from './modifiers.ts';
import { arrayNode, objectNode, parseNode, scalarNode, valueOf } from './node.ts';
import type { JsonNode } from './node.ts';
import { arrayStep, matchingEnd, objectStep, splitPipe } from './path.ts';
import { matchesPattern } from './pattern.ts';
import { matchesQuery } from './query.ts';

/** Undefined when the path leads nowhere or the text is no JSON. */
export function selectJson(text: string, path: string): unknown {
  const simple = selectSimply(text, path);
  if (simple !== undefined) return simple.value;
  const lines = path.startsWith('..');
  const root = lines ? parseLines(text) : parseNode(text);
  if (root === undefined) return undefined;
  const found = select(root, lines ? path.slice(2) : path);
  return found === undefined ? undefined : valueOf(found);
}

/** Most paths are made of names and indexes only, for which the engine's own parser will do. */
function selectSimply(text: string, path: string): { readonly value: unknown } | undefined {
  if (!/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { value: undefined };
  }
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return { value: undefined };
    if (Array.isArray(value)) value = /^\d+$/.test(part) ? (value[Number(part)] as unknown) : undefined;
    else value = Object.hasOwn(value, part) ? (value as Readonly<Record<string, unknown>>)[part] : undefined;
  }
  return { value };
}

function parseLines(text: string): JsonNode | undefined {
  const nodes = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseNode);
  return arrayNode(nodes.filter((node) => node !== undefined));
}

function select(node: JsonNode, path: string): JsonNode | undefined {
  const whole = selectWhole(node, path);
  if (whole !== undefined) return whole.node === undefined ? undefined : goOn(whole.node, whole.rest);
  const { found, pipe } = descend(node, path);
  if (pipe === undefined) return found;
  return found === undefined ? undefined : select(found, pipe);
}

function goOn(node: JsonNode, rest: string): JsonNode | undefined {
  return rest === '' ? node : select(node, rest.slice(1));
}

/** Modifiers, literals and compositions, which stand at the begin of a path. */
function selectWhole(node: JsonNode, path: string): { node: JsonNode | undefined; rest: string } | undefined {
  if (path.length < 2) return undefined;
  switch (path[0]) {
    case '!':
      return literal(path);
    case '@':
      return modified(node, path);
    case '[':
    case '{':
      return composed(node, path);
    default:
      return undefined;
  }
}

function literal(path: string): { node: JsonNode | undefined; rest: string } | undefined {
  const structured = '{["'.includes(path[1] ?? '') ? endOfValue(path, 1) : undefined;
  const text =
    structured === undefined ? (/^!(-?[\d.eE+-]+|\w+)/.exec(path)?.[1] ?? '') : path.slice(1, structured);
  const node = parseNode(text);
  return node === undefined ? undefined : { node, rest: path.slice(1 + text.length) };
}

function modified(node: JsonNode, path: string): { node: JsonNode | undefined; rest: string } | undefined {
  const name = /^@([^.|:]*)/.exec(path)?.[1] ?? '';
  if (!isModifier(name)) return undefined;
  let rest = path.slice(1 + name.length);
  let argument = '';
  if (rest.startsWith(':') && rest.length > 1) {
    const end = '{["'.includes(rest[1] ?? '') ? endOfValue(rest, 1) : undefined;
    const cut = end ?? endOfArgument(rest);
    argument = rest.slice(1, cut);
    rest = rest.slice(cut);
  }
  return { node: applyModifier(name, node, argument, select), rest };
}

function endOfArgument(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '|') return at;
    if ('{[('.includes(text[at] ?? '')) at = matchingEnd(text, at) ?? text.length;
  }
  return text.length;
}

/** Behind the JSON value that begins at `start`. */
function endOfValue(text: string, start: number): number | undefined {
  if (text[start] !== '"') {
    const end = matchingEnd(text, start);
    return end === undefined ? undefined : end + 1;
  }
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(start))?.[0];
  return quoted === undefined ? undefined : start + quoted.length;
}

/** `{name:path,…}` and `[path,…]`. */
function composed(node: JsonNode, path: string): { node: JsonNode; rest: string } | undefined {
  const end = matchingEnd(path, 0);
  if (end === undefined) return undefined;
  const rest = path.slice(end + 1);
  if (rest !== '' && !rest.startsWith('.') && !rest.startsWith('|')) return undefined;
  const found = splitTopLevel(path.slice(1, end)).flatMap(({ name, path: inner }) => {
    const value = select(node, inner);
    return value === undefined ? [] : [[name ?? lastName(inner), value] as const];
  });
  return { node: path[0] === '{' ? objectNode(found) : arrayNode(found.map(([, value]) => value)), rest };
}

function splitTopLevel(text: string): { name: string | undefined; path: string }[] {
  const parts: { name: string | undefined; path: string }[] = [];
  let start = 0;
  let colon: number | undefined;
  let modifier = false;
  const push = (end: number): void => {
    const name = colon === undefined ? undefined : text.slice(start, colon);
    parts.push({
      name: name?.startsWith('"') === true ? String(JSON.parse(name)) : name,
      path: text.slice(colon === undefined ? start : colon + 1, end),
    });
    start = end + 1;
    colon = undefined;
    modifier = false;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '"') at = (endOfValue(text, at) ?? text.length) - 1;
    else if ('[({'.includes(character)) at = matchingEnd(text, at) ?? text.length;
    else if (character === '@' && '.|'.includes(text[at - 1] ?? '-')) modifier = true;
    else if (character === ':' && !modifier && colon === undefined) colon = at;
    else if (character === ',') push(at);
  }
  push(text.length);
  return parts;
}

/** What an unnamed part of an object is called. */
function lastName(path: string): string {
  const last = /(?:^|(?<!\\)[.|])((?:\\.|[^.|])*)$/.exec(path)?.[1] ?? path;
  return /[[\]{}()#|!]/.test(last) ? '_' : last;
}

interface Descent {
  readonly found: JsonNode | undefined;
  readonly pipe: string | undefined;
}

function descend(node: JsonNode, path: string): Descent {
  switch (node.kind) {
    case 'array':
      return descendArray(node.items, path);
    case 'object':
      return descendObject(node.entries, path);
    case 'scalar':
      return { found: undefined, pipe: undefined };
  }
}

function descendObject(entries: readonly (readonly [string, JsonNode])[], path: string): Descent {
  const { isPattern, key, pipe, rest } = objectStep(path);
  for (const [name, value] of entries) {
    if (isPattern ? !matchesPattern(name, key) : name !== key) continue;
    if (rest === undefined) return { found: value, pipe };
    const inner = descend(value, rest);
    if (inner.found !== undefined) return inner;
  }
  return { found: undefined, pipe };
}

function descendArray(items: readonly JsonNode[], path: string): Descent {
  const step = arrayStep(path);
  switch (step.kind) {
    case 'count':
      return { found: scalarNode(items.length), pipe: step.pipe };
    case 'each': {
      const { path: inner, pipe } = splitPipe(step.path);
      const found = items.map((item) => select(item, inner)).filter((one) => one !== undefined);
      return { found: arrayNode(found), pipe };
    }
    case 'index': {
      const item = step.index === undefined ? undefined : items[step.index];
      if (item === undefined || step.rest === undefined) return { found: item, pipe: step.pipe };
      return descend(item, step.rest);
    }
    case 'query': {
      const matching = items.filter((item) => matchesQuery(step.query, queried(item, step.query.path)));
      const { path: inner, pipe } =
        step.rest === undefined ? { path: undefined, pipe: step.pipe } : splitPipe(step.rest);
      const follow = (item: JsonNode): JsonNode | undefined =>
        inner === undefined ? item : select(item, inner);
      if (!step.query.all) {
        const [first] = matching;
        return { found: first === undefined ? undefined : follow(first), pipe };
      }
      return { found: arrayNode(matching.map(follow).filter((one) => one !== undefined)), pipe };
    }
  }
}

/** What a query looks at: the element itself when it names no path. */
function queried(item: JsonNode, path: string): JsonNode | undefined {
  if (path === '') return item.kind === 'scalar' ? item : undefined;
  return item.kind === 'scalar' ? undefined : select(item, path);
}
