#!/usr/bin/env node
// The command itself. Plain JavaScript, because any Node from 20 on may start it; the rest runs on the Node 24 that is among
// the packages, which takes TypeScript as it is.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const nodeNeeded = 24;
const main = new URL('./main.ts', import.meta.url);

// Dozens of short-lived processes run the same modules, so compiled code and stripped types are cached.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../.cache/compile', import.meta.url));
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

if (Number(process.versions.node.split('.')[0]) >= nodeNeeded) {
  await import(main.href);
} else {
  const node = packagedNode();
  if (node === null) {
    console.error(
      `redcliff: Node ${nodeNeeded} is needed, but this is ${process.versions.node} and the packages are not installed`,
    );
    console.error('  remedy: run "npm run setup" in the folder of the project');
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

function packagedNode() {
  try {
    const path = createRequire(import.meta.url).resolve('node/bin/node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
