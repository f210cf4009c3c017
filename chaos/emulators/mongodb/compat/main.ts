/**
 * Runs a peer's own test suite against the server: `node chaos/emulators/mongodb/compat/main.ts SUITE CHECKOUT`. CHECKOUT is
 * a folder with the peer's source, its packages installed. Prints what passed; exits with 1 when a test fails that
 * known-differences.json does not name, or one that it names does not fail.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import { compareResults, readKnownDifferences } from './differences.ts';
import type { Comparison } from './differences.ts';
import { suites } from './suites.ts';
import type { Suite } from './suites.ts';

const usage = `usage: node chaos/emulators/mongodb/compat/main.ts SUITE CHECKOUT\n  SUITE: ${Object.keys(suites).join(', ')}\n`;
const deadlineMs = 40 * 60_000;

async function main(): Promise<void> {
  const [name = '', checkout] = process.argv.slice(2);
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined || checkout === undefined) {
    process.stderr.write(usage);
    process.exitCode = 64;
    return;
  }
  await using server = await startMongoServer({
    host: '127.0.0.1',
    port: suite.usesFixedAddress === true ? 27_017 : 0,
    folder: undefined,
    clock: systemClock,
    random: seededRandom('compatibility'),
    requiresAuthentication: suite.usesFixedAddress === true,
  });
  // Peers wait for documents to expire no longer than their own servers take, which look every second.
  server.state.parameters.set('ttlMonitorSleepSecs', 1);
  if (suite.usesFixedAddress === true) await createRoot(server.uri);
  const results = await run(suite, checkout, server.uri);
  const comparison = compareResults(results, readKnownDifferences().tests[name] ?? {});
  report(name, comparison);
  if (comparison.unexpectedFailures.length + comparison.outdated.length > 0) process.exitCode = 1;
}

async function createRoot(uri: string): Promise<void> {
  const client = await new MongoClient(uri).connect();
  try {
    await client.db('admin').command({ createUser: 'root', pwd: 'example', roles: ['root'] });
  } finally {
    await client.close();
  }
}

async function run(suite: Suite, checkout: string, uri: string) {
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-compat-'));
  const file = join(folder, 'results.json');
  try {
    const { arguments: given, env } = suite.command(uri, file);
    const child = spawn('npx', ['--no-install', ...given], {
      cwd: checkout,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    using _deadline = systemClock.timer(deadlineMs, () => child.kill('SIGKILL'));
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    const written = await readFile(file, 'utf8').catch(() => '');
    return suite.parse(Buffer.concat(chunks).toString('utf8'), written);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(name: string, { passed, runnable, skipped, unexpectedFailures, outdated }: Comparison): void {
  process.stdout.write(`${name}: ${passed} of ${runnable} passed, ${skipped} skipped\n`);
  for (const { name: test, message } of unexpectedFailures) {
    process.stdout.write(`fails and is not listed: ${test} -- ${message.split('\n')[0]}\n`);
  }
  for (const entry of outdated) process.stdout.write(`listed and does not fail: ${entry}\n`);
}

await main();
