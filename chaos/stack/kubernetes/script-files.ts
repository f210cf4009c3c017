/** A k6 script with all the files that it imports: what has to be carried to where it is run. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Path relative to `root`, with forward slashes, to text. Throws when an imported file is not there. */
export function scriptFiles(root: string, script: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const waiting = [path.posix.normalize(script)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const text = readFileSync(path.join(root, file), 'utf8');
    files.set(file, text);
    for (const [, relative = ''] of text.matchAll(/\bfrom '(\.{1,2}\/[^']+)'/g)) {
      waiting.push(path.posix.join(path.posix.dirname(file), relative));
    }
  }
  return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
}
