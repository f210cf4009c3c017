/**
 * The paths of an OpenAPI document in YAML, and which methods each has. That is all that a first scenario needs, so only the block mappings under `paths` are read;
 * what writes them in another way is refused by its line.
 */

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

/** By path, the keys of its item. Throws a SyntaxError, which names the line; null when there are no `paths`. */
export function pathsOfYaml(text: string): Readonly<Record<string, Readonly<Record<string, true>>>> | null {
  const lines = linesOf(text);
  const at = lines.findIndex(({ indent, text: line }) => indent === 0 && keyOf(line)?.key === 'paths');
  const start = lines[at];
  if (start === undefined) return null;
  refuseValue(start, 'paths');
  const own = lines.slice(at + 1);
  const end = own.findIndex(({ indent }) => indent === 0);
  const block = end === -1 ? own : own.slice(0, end);
  const pathIndent = block[0]?.indent ?? 0;
  const found: Record<string, Record<string, true>> = {};
  let item: Record<string, true> = {};
  let itemIndent: number | null = null;
  for (const line of block) {
    if (line.indent < pathIndent) throw wrong(line, 'is indented less than the first path');
    if (line.indent === pathIndent) {
      const key = refuseValue(line, 'a path');
      item = {};
      itemIndent = null;
      if (key.startsWith('/')) found[key] = item;
      else if (!key.startsWith('x-')) throw wrong(line, 'is no path: it does not begin with /');
      continue;
    }
    itemIndent ??= line.indent;
    if (line.indent < itemIndent) throw wrong(line, 'is indented less than its neighbours');
    if (line.indent > itemIndent) continue;
    const key = keyOf(line.text);
    // Items of a list, such as parameters, may stand as far to the left as their key.
    if (key === null && !line.text.startsWith('-')) throw wrong(line, 'is no key with a value');
    if (key !== null) item[key.key] = true;
  }
  return found;
}

/** Without what is empty, a comment, or the text of a block scalar. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let scalarIndent: number | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim();
    if (content === '') continue;
    const indent = raw.length - raw.trimStart().length;
    if (scalarIndent !== null && indent > scalarIndent) continue;
    scalarIndent = null;
    if (content.startsWith('#') || content === '---' || content.startsWith('%')) continue;
    const line = { number: index + 1, indent, text: content };
    if (raw.slice(0, indent).includes('\t')) throw wrong(line, 'is indented by a tab');
    if (/:\s*(?:[|>][-+\d]*)(?:\s+#.*)?$/.test(content)) scalarIndent = indent;
    lines.push(line);
  }
  return lines;
}

function keyOf(text: string): { readonly key: string; readonly value: string } | null {
  const [, double, single, plain, value] =
    /^(?:"([^"]*)"|'([^']*)'|([^\s"'#{[&*!-][^#]*?))\s*:(?:\s+(.*))?$/.exec(text) ?? [];
  const key = double ?? single ?? plain;
  return key === undefined ? null : { key, value: (value ?? '').replace(/^#.*/, '') };
}

/** Its key, if nothing stands behind it. */
function refuseValue(line: Line, what: string): string {
  const found = keyOf(line.text);
  if (found === null) throw wrong(line, `is not the key of ${what}`);
  if (found.value !== '') throw wrong(line, `has the value of ${what} in the same line: write it as a block`);
  return found.key;
}

function wrong({ number, text }: Line, why: string): SyntaxError {
  return new SyntaxError(`line ${number} (${text}) ${why}`);
}
