/**
 * The reaper: outlives the harness for a moment, to kill what the harness started and to remove its temporary folders
 * when the harness ended in a way that left it no time to do so (SIGKILL, a crash, a closed terminal).
 *
 * It reads JSON lines from stdin: `{"watch":pid}`, `{"forget":pid}`, `{"folder":path}`, `{"forgetFolder":path}` and
 * `{"end":true}`. End of input means that the harness is gone. Argument: the run's id. Plain JavaScript, so that it is
 * up quickly and runs on any Node.
 */
import { readFileSync, readdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const sweepDeadlineMs = 4_000;
const sweepPauseMs = 25;
/** After an orderly end, processes that were just told to stop get this long to be gone by themselves. */
const orderlyGraceMs = 1_000;

const runId = process.argv[2];
if (!runId) throw new Error('usage: reaper-program.mjs RUN-ID');
const marker = Buffer.from(`REDCLIFF_RUN_ID=${runId}\0`);
const groups = new Set();
const folders = new Set();
let orderly = false;

// It ends with the harness, not by signals sent to the harness.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => {});
// Shows in process lists which run it belongs to.
process.title = `redcliff-reaper ${runId}`;

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = `${rest}${chunk}`.split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) obey(JSON.parse(line));
});
process.stdin.on('error', () => {});
process.stdin.on('close', () => void cleanUp());
say({ event: 'ready' });

function obey(order) {
  if (order.watch !== undefined) groups.add(order.watch);
  if (order.forget !== undefined) groups.delete(order.forget);
  if (order.folder !== undefined) folders.add(order.folder);
  if (order.forgetFolder !== undefined) folders.delete(order.forgetFolder);
  if (order.end === true) orderly = true;
}

async function cleanUp() {
  const leftBehind = orderly ? await namesAfterGrace() : [];
  const deadline = performance.now() + sweepDeadlineMs;
  // Twice nothing, because a process may be between two images when it is looked at.
  for (let quiet = 0; quiet < 2 && performance.now() < deadline;) {
    quiet = killAll() ? 0 : quiet + 1;
    await pause();
  }
  for (const folder of folders) {
    // The name is checked again, because the removal cannot be undone.
    if (path.basename(folder).startsWith('redcliff-'))
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  say({ event: 'ended', leftBehind });
  process.exit(0);
}

async function namesAfterGrace() {
  const deadline = performance.now() + orderlyGraceMs;
  while (performance.now() < deadline && living().length > 0) await pause();
  return living().map((pid) => `${pid} ${commandLine(pid)}`.trim());
}

/** True when there was something to kill. */
function killAll() {
  const found = living();
  for (const group of groups) kill(-group);
  for (const pid of found) kill(pid);
  return found.length > 0;
}

/** Members of the registered groups, and every process whose environment carries the run's id. */
function living() {
  const pids = processIds();
  // Without /proc the registered groups are all that is known.
  if (pids === undefined) return [...groups].filter((group) => isSignallable(-group));
  return pids.filter((pid) => pid !== process.pid && belongsToRun(pid));
}

function belongsToRun(pid) {
  try {
    // `pid (name) state ppid pgrp …`, where the name may hold anything, also brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead already; it only waits for its parent.
    if (state === 'Z' || state === 'X') return false;
    return groups.has(Number(group)) || readFileSync(`/proc/${pid}/environ`).includes(marker);
  } catch {
    // Gone in the meantime, or another user's.
    return false;
  }
}

function processIds() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return undefined;
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function isSignallable(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, sweepPauseMs));
}

/** The harness may be gone, and with it the other end. */
function say(message) {
  try {
    writeSync(1, `${JSON.stringify(message)}\n`);
  } catch {
    // No reader is left.
  }
}
