#!/usr/bin/env node
// The command itself. Plain JavaScript, because any Node may start it. An installed package needs Node 22.18, which reads the TypeScript of a user as it
// is; a checkout needs the Node 24 that is among its packages.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, fromSource, ownModule } from '../setup/own-files.mjs';

const needed = fromSource ? [24, 0] : [22, 18];
const main = ownModule('./main', import.meta.url);

// Dozens of short-lived processes run the same modules, so compiled code and stripped types are cached.
process.env.NODE_COMPILE_CACHE ??= path.join(cacheFolder, 'compile');
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

if (isRecent(process.versions.node)) {
  await import(main.href);
} else {
  const node = fromSource ? packagedNode() : null;
  if (node === null) {
    console.error(
      `redcliff: Node ${needed.join('.')} or newer is needed, but this is ${process.versions.node}`,
    );
    console.error(
      fromSource
        ? '  remedy: run "npm run setup" in the folder of the project'
        : '  remedy: install a newer Node from https://nodejs.org, or by your version manager (nvm install 24, fnm install 24)',
    );
    process.exit(69);
  }
  // The channel tells the command when this process is gone, however it ended: then the command ends its own run as well.
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  process.on('SIGINT', () => (process.stdin.isTTY ? undefined : child.kill('SIGINT')));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 70)));
}

function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function packagedNode() {
  try {
    const found = createRequire(import.meta.url).resolve('node/bin/node');
    return existsSync(found) ? found : null;
  } catch {
    return null;
  }
}
