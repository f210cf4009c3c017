/**
 * Builds `dist/`, what the package consists of: JavaScript and types by tsc, and beside them the files that are used as they are. Nothing of it is
 * committed.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from './own-files.mjs';

const dist = path.join(packageFolder, 'dist');
const asTheyAre = ['{chaos,reports}/**/*.mjs', 'reports/**/browser/*.{css,js}'];
const left = /\/(?:bench|compat|compose|corpus|testing)\//;

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['--project', 'tsconfig.build.json'], {
  cwd: packageFolder,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 70);
for (const file of globSync(asTheyAre, { cwd: packageFolder })) {
  if (!left.test(file)) cpSync(path.join(packageFolder, file), path.join(dist, file));
}
removeUnusedTypes();
chmodSync(path.join(dist, 'chaos/cli/redcliff.mjs'), 0o755);

/** Only what the public modules name is of use to others. */
function removeUnusedTypes() {
  const used = new Set();
  const open = ['chaos/api/index.d.ts', 'chaos/api/k6/index.d.ts', 'chaos/api/k6/blocking.d.ts'].map((file) =>
    path.join(dist, file),
  );
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (used.has(file)) continue;
    used.add(file);
    for (const [, imported] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import\()\s*["'](\.[^"']+)["']/g,
    )) {
      const types = path.resolve(path.dirname(file), imported.replace(/\.(?:js|ts)$/, '.d.ts'));
      if (existsSync(types)) open.push(types);
    }
  }
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    if (!used.has(path.join(dist, file))) rmSync(path.join(dist, file));
  }
}
