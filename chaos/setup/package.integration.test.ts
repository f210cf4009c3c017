import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { z } from 'zod';
import { packageFolder } from './own-files.mjs';
import { type Ended, type Packed, PackageTrial, stepDeadlineMs } from './testing/packed-package.ts';

const bytesMost = 5_000_000;
const trial = new PackageTrial();
const { folder } = trial;
const execute = trial.execute.bind(trial);
const succeed = trial.succeed.bind(trial);
/** A project of somebody else, in a folder whose name has spaces in it. */
const project = path.join(folder, 'a cart service');

/** Why npm cannot install here; undefined when it did. */
let notInstalled: string | undefined;

let packed: Packed | undefined;

beforeAll(async () => {
  packed = await trial.pack(folder);
  const tarball = path.join(folder, packed.filename);
  cpSync(path.join(packageFolder, 'docs', 'examples', 'cart'), project, { recursive: true });
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--save-dev', tarball];
  const { status, stderr } = await execute('npm', install, project);
  if (status !== 0) notInstalled = stderr.split('\n')[0] ?? 'npm install failed';
}, 2 * stepDeadlineMs);

afterAll(() => trial[Symbol.dispose](), stepDeadlineMs);

function needInstalled(context: TestContext): void {
  if (notInstalled !== undefined) context.skip(`npm cannot install here: ${notInstalled}`);
}

/** A starved machine leaves a run undecided; that it ran and was judged is what is asked here. */
function expectJudged({ status, stdout, stderr }: Ended): void {
  expect({ judged: status === 0 || status === 2, output: stdout + stderr }).toMatchObject({ judged: true });
}

it('holds what runs and nothing else, and is small', () => {
  const rootOf = (file: string): string => file.replace(/^docs\/[\w-]+\.md$/, 'docs/*.md');
  const roots = new Set(
    (packed?.files ?? []).map((file) => rootOf(file.path).split('/').slice(0, 2).join('/')),
  );
  expect([...roots].toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist/chaos',
    'dist/reports',
    'docs/*.md',
    'docs/examples',
    'package.json',
  ]);
  expect((packed?.files ?? []).filter((file) => /\.test\.|\/testing\/|\/bench\//.test(file.path))).toEqual(
    [],
  );
  expect(packed?.unpackedSize).toBeLessThan(bytesMost);
});

it('depends on no install script, and none of what only the repository needs', (context) => {
  needInstalled(context);
  const lock = z
    .object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) })
    .parse(JSON.parse(readFileSync(path.join(project, 'node_modules', '.package-lock.json'), 'utf8')));
  const names = Object.keys(lock.packages);
  // That of protobufjs prints a notice at most: npm may leave it out, and nothing is missing then.
  expect(names.filter((name) => lock.packages[name]?.hasInstallScript === true)).toEqual([
    'node_modules/protobufjs',
  ]);
  for (const name of ['vitest', 'typescript', 'testcontainers'])
    expect(names).not.toContain(`node_modules/${name}`);
});

it(
  'runs, reproduces and reports from an installed package',
  { timeout: 3 * stepDeadlineMs },
  async (context) => {
    needInstalled(context);
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')));
    expect((await succeed('npx', ['redcliff', '--version'], project)).trim()).toBe(version);
    const doctor = await execute('npx', ['redcliff', 'doctor'], project);
    expect({ status: doctor.status, output: doctor.stdout + doctor.stderr }).toMatchObject({ status: 0 });
    expect(doctor.stdout).not.toContain('npm run');

    const ran = await execute(
      'npx',
      ['redcliff', 'run', '--fault', 'none', '--seed', '1', '--duration', '3s'],
      project,
    );
    expectJudged(ran);
    expect(ran.stdout).toContain('lines-kept');
    const runs = readdirSync(path.join(project, 'reports', 'runs')).filter((name) =>
      name.endsWith('-checkout'),
    );
    const [run = ''] = runs;
    const report = readFileSync(path.join(project, 'reports', 'runs', run, 'report.json'), 'utf8');
    expect(report).toContain('"command": "npx redcliff run ');

    const reproduce = [
      'redcliff',
      'reproduce',
      path.join('reports', 'runs', run),
      '--cell',
      'checkout×none',
      '--times',
      '1',
    ];
    const again = await execute('npx', reproduce, project);
    expectJudged(again);
  },
);

/** The step of the composite action that runs Redcliff, as a runner calls it. */
async function runAction(
  variables: Readonly<Record<string, string>>,
): Promise<Ended & { readonly outputs: string; readonly summary: string }> {
  const action = path.join(packageFolder, '.github', 'actions', 'redcliff');
  const outputs = path.join(folder, 'outputs');
  const summary = path.join(folder, 'summary.md');
  for (const file of [outputs, summary]) writeFileSync(file, '');
  const ended = await execute('bash', [path.join(action, 'run.sh')], folder, undefined, {
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: summary,
    INPUT_FOLDER: project,
    INPUT_SEED: '1',
    INPUT_UNDECIDED: 'warning',
    INPUT_SLOWER: 'warning',
    ...variables,
  });
  return { ...ended, outputs: readFileSync(outputs, 'utf8'), summary: readFileSync(summary, 'utf8') };
}

it('is run by its action: green when all is well', { timeout: stepDeadlineMs }, async (context) => {
  needInstalled(context);
  const ran = await runAction({ INPUT_ARGUMENTS: '--fault none --duration 3s' });
  expect({ status: ran.status, output: ran.stdout + ran.stderr }).toMatchObject({ status: 0 });
  expect(ran.outputs).toMatch(/^status=[02]$/m);
  expect(ran.summary).toContain('lines-kept');
});

it(
  'is run by its action: red with the operation when the service is wrong',
  { timeout: stepDeadlineMs },
  async (context) => {
    needInstalled(context);
    const ran = await runAction({ INPUT_ARGUMENTS: '--fault mongo-down', CART_BUG: 'write-behind' });
    if (ran.outputs.includes('status=2')) context.skip('the machine is too busy');
    expect({ status: ran.status, output: ran.stdout + ran.stderr }).toMatchObject({ status: 1 });
    expect(ran.stdout + ran.stderr).toMatch(/^::error title=.*lines-kept.*::line \S+ was added to cart /m);
  },
);

it(
  'is run by its action: a warning where it is undecided',
  { timeout: 2 * stepDeadlineMs },
  async (context) => {
    needInstalled(context);
    const undecided = `import cart from './redcliff.config.ts';
import { defineTarget, unique } from 'redcliff';
const invariants = [unique({ documents: { none: ['number'] } })];
export default defineTarget({ ...cart, scenarios: cart.scenarios.map((one) => ({ ...one, invariants })) });
`;
    writeFileSync(path.join(project, 'undecided.config.ts'), undecided);
    const args = '--config undecided.config.ts --fault none --duration 2s';
    const ran = await runAction({ INPUT_ARGUMENTS: args });
    expect({ status: ran.status, output: ran.stdout + ran.stderr }).toMatchObject({ status: 0 });
    expect(ran.outputs).toContain('status=2');
    expect(ran.stdout).toContain('::warning title=Redcliff could not decide everything');
    const strict = await runAction({ INPUT_ARGUMENTS: args, INPUT_UNDECIDED: 'failure' });
    expect(strict.status).toBe(2);
    const wrong = await runAction({ INPUT_ARGUMENTS: args, INPUT_SLOWER: 'ignore' });
    expect(wrong).toMatchObject({
      status: 64,
      stdout: expect.stringContaining('the input slower is "ignore"'),
    });
  },
);

it('runs with Node 22', { timeout: 3 * stepDeadlineMs }, async (context) => {
  needInstalled(context);
  const old = path.join(folder, 'node22');
  mkdirSync(old);
  writeFileSync(
    path.join(old, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', 'node@22'], old);
  const bin = path.join(old, 'node_modules', '.bin');
  const node = await execute(path.join(bin, 'node'), ['--version'], old);
  if (!node.stdout.startsWith('v22.')) context.skip('the npm package node@22 cannot be installed here');
  const ran = await execute(
    'npx',
    ['redcliff', 'run', '--fault', 'none', '--seed', '1', '--duration', '3s'],
    project,
    bin,
  );
  expectJudged(ran);
  expect(ran.stdout).toContain('lines-kept');
});
