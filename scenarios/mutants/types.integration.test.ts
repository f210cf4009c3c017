/**
 * The edited texts pass the type checker: a name that an edit uses and the system no longer has would end a process at once, and that shows
 * nothing about the checkers.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { editedText } from '../../chaos/target/edited-text.ts';
import { mutants } from './registry.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
/** Guards against hanging. */
const limitMs = 240_000;

it(
  'every edited module of every mutant type-checks',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'redcliff-mutants-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(join(repository, 'system'), join(folder, 'system'), { recursive: true });
    cpSync(join(repository, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    let edited = 0;
    for (const { name, edits } of mutants) {
      for (const [file, ofFile] of Map.groupBy(edits, (edit) => edit.file)) {
        if (!file.endsWith('.ts')) continue;
        const text = editedText(name, file, readFileSync(join(repository, file), 'utf8'), ofFile);
        // Beside the original, so that its imports lead to the system as it is.
        writeFileSync(join(folder, file.replace(/\.ts$/, `--${name}.ts`)), text);
        edited += 1;
      }
    }
    expect(edited).toBeGreaterThan(mutants.length / 2);
    // What an edit leaves unused is no mistake.
    const unused = { noUnusedLocals: false, noUnusedParameters: false };
    const config = {
      extends: join(repository, 'tsconfig.json'),
      compilerOptions: unused,
      include: ['system/**/*--*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const checker = join(repository, 'node_modules/.bin/tsc');
    const checked = spawnSync(checker, ['--noEmit', '-p', folder], { encoding: 'utf8', timeout: limitMs });
    expect(checked.stdout).toBe('');
    expect(checked.status).toBe(0);
  },
  limitMs,
);
