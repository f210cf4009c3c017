/**
 * Plants a mutant in this process: source files of the target are read with its edits in them, and no file on disk is changed. Modules are
 * edited when they are loaded, before Node strips their types; other files, such as Lua scripts, when they are read.
 */
import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit } from '../api/mutant.ts';
import { editedText } from './edited-text.ts';

/** `root`: the folder that the files of the edits are relative to. Throws Error when an edit does not fit its file. */
export function plantEdits(mutant: string, edits: readonly Edit[], root: string): void {
  const texts = new Map<string, string>();
  for (const [file, ofFile] of Map.groupBy(edits, (edit) => edit.file)) {
    const path = resolve(root, file);
    texts.set(path, editedText(mutant, file, fs.readFileSync(path, 'utf8'), ofFile));
  }
  editModules(texts);
  editOtherFiles(texts);
}

function editModules(texts: ReadonlyMap<string, string>): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const source = url.startsWith('file:') ? texts.get(fileURLToPath(url)) : undefined;
      const loaded = nextLoad(url, context);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}

const isModule = (path: string): boolean => /\.[cm]?[jt]s$/.test(path);

/** Scripts may be read by `readFileSync`, which has no hook of its own. */
function editOtherFiles(texts: ReadonlyMap<string, string>): void {
  if ([...texts.keys()].every(isModule)) return;
  const read = fs.readFileSync;
  const readEdited = (...args: Parameters<typeof read>): unknown => {
    const [place, options] = args;
    const path =
      place instanceof URL ? fileURLToPath(place) : typeof place === 'string' ? resolve(place) : '';
    const text = isModule(path) ? undefined : texts.get(path);
    if (text === undefined) return Reflect.apply(read, fs, args);
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding ? Buffer.from(text).toString(encoding) : Buffer.from(text);
  };
  Object.defineProperty(fs, 'readFileSync', { value: readEdited });
  syncBuiltinESMExports();
}
