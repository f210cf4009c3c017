/** A mutant that is in no list: made for one run from a patch, or from files that are read in place of others. */
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import type { Edit, Mutant } from '../api/mutant.ts';
import { UsageError } from '../errors.ts';

export interface OwnMutantFlags {
  /** A unified diff, such as `git diff` writes. */
  readonly patch?: string;
  /** Each as `MODULE=FILE`; modules are relative to the folder of the target, files to the working folder. */
  readonly replace?: readonly string[];
}

/** Begins the name, so that a record says that the target had one. */
export const ownMutantPrefix = 'own:';

/** `folder`: of the target. Undefined without flags. Throws UsageError, naming the flag, the file and the line. */
export async function ownMutant(folder: string, flags: OwnMutantFlags): Promise<Mutant | undefined> {
  const { patch, replace = [] } = flags;
  if (patch === undefined && replace.length === 0) return undefined;
  const edits: Edit[] = [];
  for (const given of replace) edits.push(await replacement(folder, given));
  if (patch !== undefined) edits.push(...(await editsOfPatch(folder, patch)));
  const files = edits.map(({ file }) => file);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined)
    throw new UsageError(`${twice} is changed by two of --patch and --replace`, 'join the changes');
  const from = [
    ...replace.map((each) => each.split('=')[0] ?? each),
    ...(patch === undefined ? [] : [patch]),
  ];
  const name = `${ownMutantPrefix}${from.map((each) => basename(each)).join(',')}`;
  return { name, title: `The changes of ${from.join(', ')}`, edits, scenario: '', fault: 'none', breaks: [] };
}

async function replacement(folder: string, given: string): Promise<Edit> {
  const [, module = '', file = ''] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (module === '' || file === '')
    throw new UsageError(
      `--replace "${given}" is not MODULE=FILE`,
      'for example --replace src/cache.js=broken.js',
    );
  const path = inside(folder, module, '--replace');
  const old = await textOf(resolve(folder, path), `--replace "${given}": the module ${module} of the target`);
  const text = await textOf(resolve(file), `--replace "${given}": ${file}`);
  return editBetween(path, old, text, `--replace "${given}"`);
}

async function editsOfPatch(folder: string, patch: string): Promise<Edit[]> {
  const flag = `--patch "${patch}"`;
  const files = parsePatch(await textOf(resolve(patch), flag), flag);
  if (files.length === 0)
    throw new UsageError(`${flag} holds no change`, 'give a unified diff, such as git diff writes');
  const edits: Edit[] = [];
  for (const { file, hunks } of files) {
    const path = inside(folder, file, flag);
    const old = await textOf(resolve(folder, path), `${flag}: ${file}`);
    edits.push(editBetween(path, old, patched(old, hunks, `${flag}: ${file}`), flag));
  }
  return edits;
}

/** As the files of edits are named: relative to the folder of the target. */
function inside(folder: string, file: string, flag: string): string {
  const path = relative(folder, resolve(folder, file));
  if (path.startsWith('..') || isAbsolute(path))
    throw new UsageError(
      `${flag}: ${file} is not in the folder of the target, ${folder}`,
      'name a file of the target',
    );
  return path;
}

async function textOf(path: string, what: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${what} cannot be read`, `check the path: ${path}`);
  });
}

/**
 * The smallest edit that makes one text of the other: whole lines, with as many unchanged ones around the change as it takes for the text to occur
 * exactly once.
 */
export function editBetween(file: string, old: string, text: string, flag: string): Edit {
  if (old === text) throw new UsageError(`${flag} changes nothing in ${file}`, 'give a change');
  const before = old.split(/(?<=\n)/);
  const after = text.split(/(?<=\n)/);
  let first = 0;
  while (first < Math.min(before.length, after.length) && before[first] === after[first]) first += 1;
  let last = 0;
  const most = Math.min(before.length, after.length) - first;
  while (last < most && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  for (;;) {
    const find = before.slice(first, before.length - last).join('');
    const at = old.indexOf(find);
    if (find !== '' && old.indexOf(find, at + 1) === -1)
      return { file, find, replace: after.slice(first, after.length - last).join('') };
    first = Math.max(0, first - 1);
    last = Math.max(0, last - 1);
  }
}

interface Hunk {
  /** Line of the old file that the hunk begins at, from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

interface FilePatch {
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

/** Format: the unified diff of POSIX `diff -u`, with the prefixes `a/` and `b/` of git. */
function parsePatch(text: string, flag: string): FilePatch[] {
  const files: { file: string; hunks: Hunk[] }[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^(?:new file|deleted file|rename |copy |Binary files|GIT binary)/.test(line))
      throw new UsageError(`${flag} line ${index + 1}: ${line}`, 'a patch may only change the text of files');
    const name = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(line)?.[1];
    if (name !== undefined && (lines[index - 1] ?? '').startsWith('--- ')) {
      if (name === '/dev/null' || lines[index - 1]?.startsWith('--- /dev/null') === true)
        throw new UsageError(
          `${flag} line ${index + 1}: ${line}`,
          'a patch may only change the text of files',
        );
      files.push({ file: name.trimEnd(), hunks: [] });
      continue;
    }
    const start = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (start === null) continue;
    const current = files.at(-1);
    if (current === undefined)
      throw new UsageError(`${flag} line ${index + 1}: a hunk without a file`, 'keep the lines --- and +++');
    const [, from = '1', removedCount = '1', addedCount = '1'] = start;
    const removed: string[] = [];
    const added: string[] = [];
    while (removed.length < Number(removedCount) || added.length < Number(addedCount)) {
      index += 1;
      const part = lines[index];
      const [mark = ' ', rest = ''] = part === undefined ? [] : [part[0] ?? ' ', part.slice(1)];
      if (part === undefined || !' -+\\'.includes(mark))
        throw new UsageError(
          `${flag} line ${index + 1}: the hunk ends too early`,
          'give the diff as it was written',
        );
      if (mark === '\\') continue;
      if (mark !== '+') removed.push(rest);
      if (mark !== '-') added.push(rest);
    }
    // Of a hunk without old lines, the number is that of the line before it.
    current.hunks.push({ line: Number(from) + Number(removedCount === '0'), removed, added });
  }
  return files;
}

function patched(old: string, hunks: readonly Hunk[], what: string): string {
  const lines = old.split('\n');
  const result: string[] = [];
  let next = 0;
  for (const { line, removed, added } of hunks) {
    const at = line - 1;
    const differs = removed.findIndex((text, index) => lines[at + index] !== text);
    if (at < next || differs !== -1)
      throw new UsageError(
        `${what}, line ${line + Math.max(0, differs)}: the patch does not fit the file`,
        'make the patch anew from this version of the target',
      );
    result.push(...lines.slice(next, at), ...added);
    next = at + removed.length;
  }
  return [...result, ...lines.slice(next)].join('\n');
}
