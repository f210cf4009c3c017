/** `name=value` pairs as Go encodes them: sorted by name. */
export function queryString(pairs: readonly (readonly [string, string | readonly string[]])[]): string {
  return pairs
    .flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const),
    )
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `${queryEscape(name)}=${queryEscape(value)}`)
    .join('&');
}

export function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
