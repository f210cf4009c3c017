/** The modifiers of GJSON paths, such as `@reverse` and `@flatten:{"deep":true}`. */
import { arrayNode, objectNode, parseNode, scalarNode, valueOf } from './node.ts';
import type { JsonNode } from './node.ts';

type Modifier = (
  node: JsonNode,
  argument: string,
  select: (node: JsonNode, path: string) => JsonNode | undefined,
) => JsonNode | undefined;

const modifiers = new Map<string, Modifier>([
  ['dig', (node, path, select) => arrayNode(dig(node, path, select))],
  ['flatten', (node, argument) => flatten(node, settings(argument)['deep'] === true)],
  ['fromstr', (node) => parseNode(textOf(node))],
  ['group', group],
  ['join', (node, argument) => join(node, settings(argument)['preserve'] === true)],
  [
    'keys',
    (node) => arrayNode(node.kind === 'object' ? node.entries.map(([key]) => scalarNode(key)) : nulls(node)),
  ],
  ['pretty', (node) => node],
  ['reverse', reverse],
  ['this', (node) => node],
  ['tostr', (node) => scalarNode(node.raw)],
  ['ugly', (node) => node],
  ['valid', (node) => node],
  [
    'values',
    (node) => (node.kind === 'object' ? arrayNode(node.entries.map(([, value]) => value)) : wrapped(node)),
  ],
]);

export function isModifier(name: string): boolean {
  return modifiers.has(name);
}

export function applyModifier(
  name: string,
  node: JsonNode,
  argument: string,
  select: (node: JsonNode, path: string) => JsonNode | undefined,
): JsonNode | undefined {
  return modifiers.get(name)?.(node, argument, select);
}

function settings(argument: string): Readonly<Record<string, unknown>> {
  const node = parseNode(argument);
  return node?.kind === 'object'
    ? Object.fromEntries(node.entries.map(([key, value]) => [key, valueOf(value)]))
    : {};
}

function textOf(node: JsonNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : node.raw;
}

function nulls(node: JsonNode): JsonNode[] {
  return node.kind === 'array' ? node.items.map(() => scalarNode(null)) : [scalarNode(null)];
}

function wrapped(node: JsonNode): JsonNode {
  return node.kind === 'array' ? node : arrayNode([node]);
}

function reverse(node: JsonNode): JsonNode {
  if (node.kind === 'array') return arrayNode(node.items.toReversed());
  return node.kind === 'object' ? objectNode(node.entries.toReversed()) : node;
}

function flatten(node: JsonNode, deep: boolean): JsonNode {
  if (node.kind !== 'array') return node;
  return arrayNode(
    node.items.flatMap((item) => {
      if (item.kind !== 'array') return [item];
      const inner = deep ? flatten(item, true) : item;
      return inner.kind === 'array' ? inner.items : [];
    }),
  );
}

/** Of keys that occur twice the last value stays, in the place of the first. */
function join(node: JsonNode, preserve: boolean): JsonNode {
  if (node.kind !== 'array') return node;
  const entries = node.items.flatMap((item) => (item.kind === 'object' ? item.entries : []));
  return objectNode(preserve ? entries : [...new Map(entries)]);
}

/** `{"a":[1,2],"b":[3,4]}` becomes `[{"a":1,"b":3},{"a":2,"b":4}]`. */
function group(node: JsonNode): JsonNode | undefined {
  if (node.kind !== 'object') return undefined;
  const groups: [string, JsonNode][][] = [];
  for (const [key, value] of node.entries) {
    if (value.kind !== 'array') continue;
    for (const [index, item] of value.items.entries()) (groups[index] ??= []).push([key, item]);
  }
  return arrayNode(groups.map(objectNode));
}

/** What `path` gives at every depth. */
function dig(
  node: JsonNode,
  path: string,
  select: (node: JsonNode, path: string) => JsonNode | undefined,
): JsonNode[] {
  const own = select(node, path);
  const children =
    node.kind === 'array' ? node.items : node.kind === 'object' ? node.entries.map(([, value]) => value) : [];
  return [...(own === undefined ? [] : [own]), ...children.flatMap((child) => dig(child, path, select))];
}
