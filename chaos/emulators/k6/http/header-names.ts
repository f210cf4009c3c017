/** Names and values of headers as Go checks and writes them. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const canonical = new Map<string, string>();
const rememberedNames = 1000;

/** Each part between hyphens begins with a capital; a name that is none stays as it is. */
export function canonicalHeaderName(name: string): string {
  let known = canonical.get(name);
  if (known === undefined) {
    known = token.test(name)
      ? name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())
      : name;
    if (canonical.size < rememberedNames) canonical.set(name, known);
  }
  return known;
}

export function isToken(text: string): boolean {
  return token.test(text);
}

/** Go's words for a header that cannot be sent; undefined when it can. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!token.test(name)) return `net/http: invalid header field name ${JSON.stringify(name)}`;
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
    return `net/http: invalid header field value for ${JSON.stringify(name)}`;
  }
  return undefined;
}
