import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedMachine } from './machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `main.js` of the files until it ends. */
async function run(files: Readonly<Record<string, string>>, seed = 'a', env: Record<string, string> = {}) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const log = join(folder, 'output.log');
  rmSync(log, { force: true });
  const machine = new SimulatedMachine(seed);
  const main = machine.spawn(
    {
      path: join(folder, 'main.js'),
      args: ['one'],
      imports: [],
      env,
      cwd: folder,
      output: [log, log],
    },
    0,
  );
  const result = await machine.runUntilEnded(main);
  return { ...result, output: existsSync(log) ? readFileSync(log, 'utf8') : '' };
}

/** Starts `child.js`, whose output goes where that of its parent goes. */
const startChild = `
import { spawn } from 'node:child_process';
const child = spawn(process.execPath, ['child.js'], { stdio: 'inherit' });
child.on('exit', (status, signal) => console.log('child ended', status, signal));
`;

describe('a simulated process', () => {
  it('lives on the virtual clock, and its randomness is that of the seed', async () => {
    const files = {
      'main.js': `
        import { randomUUID, randomBytes } from 'node:crypto';
        import { setTimeout as sleep } from 'node:timers/promises';
        const started = Date.now();
        await sleep(60_000);
        console.log(new Date(started).toISOString().slice(0, 10), Math.round((Date.now() - started) / 1000));
        console.log(Math.random(), randomUUID(), crypto.randomUUID(), randomBytes(4).toString('hex'));
        console.log(process.argv[2], process.env.COLOUR, new Date() instanceof Date);
      `,
    };
    const first = await run(files, 'a', { COLOUR: 'red' });
    expect(first.exit).toEqual({ status: 0, signal: null });
    expect(first.simulatedMs).toBeGreaterThan(60_000);
    expect(first.output).toMatch(
      /^2026-01-01 60\n[\d.]+ [\da-f-]{36} [\da-f-]{36} [\da-f]{8}\none red true\n$/,
    );
    const again = await run(files, 'a', { COLOUR: 'red' });
    expect([again.hash, again.output]).toEqual([first.hash, first.output]);
    const other = await run(files, 'b', { COLOUR: 'red' });
    expect(other.output).not.toBe(first.output);
    expect(other.hash).not.toBe(first.hash);
  });

  it('has timers that do not overtake each other, each seed with other delays', async () => {
    const files = {
      'main.js': `for (const ms of [12, 11, 10, 10, 11]) setTimeout(() => console.log(ms), ms);`,
    };
    const first = await run(files, 'a');
    expect(first.output).toBe('10\n10\n11\n11\n12\n');
    expect((await run(files, 'b')).hash).not.toBe(first.hash);
  });

  it('has modules of its own: ECMAScript with live names, cycles of CommonJS, JSON, import() and require()', async () => {
    const { output } = await run({
      'main.js': `
        import { count, increase } from './counter.js';
        import cjs, { named } from './old.cjs';
        import * as all from './counter.js';
        import { createRequire } from 'node:module';
        increase();
        const { default: dynamic } = await import('./counter.js');
        const require = createRequire(import.meta.url);
        console.log(count, all.count, dynamic, cjs.other, named, require('./data.json').value);
        console.log(import.meta.filename.endsWith('main.js'), typeof require.resolve('./old.cjs'));
      `,
      'counter.js':
        'export let count = 1; export function increase() { count += 1; } export default "default";',
      'old.cjs': `exports.named = 'named'; exports.other = require('./cycle.cjs').seen;`,
      'cycle.cjs': `exports.seen = require('./old.cjs').named;`,
      'data.json': '{ "value": 7 }',
    });
    expect(output).toBe('2 2 default named named 7\ntrue string\n');
  });

  it('ends with status 1 and its error when nothing catches one, and with the status it asks for', async () => {
    const thrown = await run({ 'main.js': `setTimeout(() => { throw new Error('no disk'); }, 5);` });
    expect(thrown.exit.status).toBe(1);
    expect(thrown.output).toContain('Error: no disk');
    const asked = await run({
      'main.js': `process.on('exit', (code) => console.log('exit', code)); process.exitCode = 4;`,
    });
    expect([asked.exit.status, asked.output]).toEqual([4, 'exit 4\n']);
    const left = await run({ 'main.js': `process.exit(7); console.log('never');` });
    expect([left.exit.status, left.output]).toEqual([7, '']);
  });

  it.each([
    [
      'a program that is not of Node.js',
      `import { spawn } from 'node:child_process'; spawn('ls', []);`,
      'program ls',
    ],
    ['a module', `import 'node:sqlite';`, 'node:sqlite'],
    ['TLS', `import { connect } from 'node:tls'; connect({});`, 'tls.connect'],
    ['cryptography in threads', `crypto.subtle.digest('SHA-256', new Uint8Array());`, 'crypto.subtle'],
    ['standard input', `process.stdin.read();`, 'standard input'],
  ])('is refused %s by name', async (_, program, name) => {
    const { exit, output } = await run({ 'main.js': program });
    expect(exit.status).toBe(1);
    expect(output).toContain(`the simulation has no`);
    expect(output).toContain(name);
  });

  it('finds nothing of real processes in /proc', async () => {
    const { output } = await run({
      'main.js': `import fs from 'node:fs'; console.log(fs.existsSync('/proc/self/stat'));
        try { fs.readFileSync('/proc/1/stat'); } catch ({ code }) { console.log(code); }`,
    });
    expect(output).toBe('false\nENOENT\n');
  });

  it('has worker threads', async () => {
    const { output, exit } = await run({
      'main.js': `
        import { Worker } from 'node:worker_threads';
        const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: 20 });
        worker.on('message', (value) => { console.log('answer', value); worker.postMessage('end'); });
        worker.on('exit', (code) => console.log('ended', code));
        worker.postMessage(22);
      `,
      'thread.js': `
        import { parentPort, workerData } from 'node:worker_threads';
        parentPort.on('message', (value) => {
          if (value === 'end') parentPort.close(); else parentPort.postMessage(workerData + value);
        });
      `,
    });
    expect([output, exit.status]).toEqual(['answer 42\nended 0\n', 0]);
  });
});

describe('processes of one machine', () => {
  const server = `
    import { createServer } from 'node:http';
    createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => response.end(request.method + ' ' + body));
    }).listen(8080, () => console.log('listening'));
  `;
  const untilUp = `
    const post = (body) => fetch('http://127.0.0.1:8080/', { method: 'POST', body }).then((answer) => answer.text());
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    await sleep(500);
  `;

  it('speak HTTP with each other, and a killed one resets or refuses', async () => {
    const { output } = await run({
      'main.js': `${startChild}${untilUp}
        console.log(await post('x'.repeat(300_000)).then((text) => text.length));
        child.kill('SIGKILL');
        await sleep(100);
        console.log(await post('y').catch((error) => error.cause.code));
      `,
      'child.js': server,
    });
    expect(output).toBe('listening\n300005\nchild ended null SIGKILL\nECONNREFUSED\n');
  });

  it('a paused one does nothing until it is resumed', async () => {
    const { output, simulatedMs } = await run({
      'main.js': `${startChild}${untilUp}
        child.kill('SIGSTOP');
        const answer = post('later').then((text) => console.log(text));
        await sleep(2_000);
        console.log('resumed');
        child.kill('SIGCONT');
        await answer;
        child.kill('SIGTERM');
      `,
      'child.js': server,
    });
    expect(output).toBe('listening\nresumed\nPOST later\nchild ended null SIGTERM\n');
    expect(simulatedMs).toBeGreaterThan(2_000);
  });

  it('a module that --import names is loaded first, and may change the source of others', async () => {
    const { output } = await run({
      'main.js': `
        import { spawn } from 'node:child_process';
        spawn(process.execPath, ['child.js'], { stdio: 'inherit',
          env: { NODE_OPTIONS: '--import=' + new URL('./edit.js?word=edited', import.meta.url) } });
      `,
      'edit.js': `
        import { registerHooks } from 'node:module';
        const word = new URL(import.meta.url).searchParams.get('word');
        registerHooks({ load: (url, context, next) => {
          const loaded = next(url, context);
          return url.endsWith('child.js') ? { ...loaded, source: String(loaded.source).replace('written', word) } : loaded;
        } });
      `,
      'child.js': `console.log('written');`,
    });
    expect(output).toBe('edited\n');
  });

  it('neither share globals nor see what another has put there', async () => {
    const { output } = await run({
      'main.js': `${startChild} globalThis.shared = 1; Date.now = () => 5; console.log(globalThis.shared, Date.now());`,
      'child.js': `console.log(typeof globalThis.shared, Date.now() > 5);`,
    });
    expect(output).toBe('1 5\nundefined true\nchild ended 0 null\n');
  });
});
