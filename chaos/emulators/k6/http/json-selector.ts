/** The part of GJSON paths that scripts use on answers: keys, indexes, `#` for a length or for all elements. */
export function selectJson(value: unknown, selector: string): unknown {
  return select(
    value,
    selector.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.')),
  );
}

function select(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    if (key !== '#') return select(value[Number(key)], rest);
    if (rest.length === 0) return value.length;
    return value.map((element: unknown) => select(element, rest)).filter((found) => found !== undefined);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return select(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}
