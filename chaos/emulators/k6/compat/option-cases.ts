/** Which layer of options wins, and what executors make of them. */
import type { CompatCase } from './case.ts';

const printIterations = `import exec from 'k6/execution';
export default function () { console.log(exec.scenario.name + ' ' + exec.scenario.executor + ' ' + __ITER); }`;

export const optionCases: readonly CompatCase[] = [
  {
    console: ['default per-vu-iterations 0'],
    exitCode: 0,
    name: 'without options one iteration of one VU',
    script: printIterations,
  },
  {
    console: ['default shared-iterations 0', 'default shared-iterations 1'],
    environment: { K6_ITERATIONS: '2' },
    exitCode: 0,
    name: 'the environment wins over the script',
    script: `export const options = { iterations: 5 };\n${printIterations}`,
  },
  {
    console: ['default shared-iterations 0'],
    environment: { K6_ITERATIONS: '2' },
    exitCode: 0,
    flags: ['--iterations', '1'],
    name: 'flags win over the environment',
    script: `export const options = { iterations: 5 };\n${printIterations}`,
  },
  {
    console: ['default shared-iterations 0'],
    exitCode: 0,
    flags: ['-i', '1'],
    name: 'a shortcut on the command line replaces the scenarios of the script',
    script: `export const options = { scenarios: { mine: { executor: 'per-vu-iterations', iterations: 9 } } };\n${printIterations}`,
  },
  {
    exitCode: 104,
    name: 'two shortcuts at once',
    script: `export const options = { duration: '1s', stages: [{ duration: '1s', target: 1 }] };\n${printIterations}`,
  },
  {
    console: ['a', 'b'],
    exitCode: 0,
    name: 'env, exec and tags of a scenario',
    script: `export const options = { scenarios: {
  first: { executor: 'per-vu-iterations', exec: 'one', env: { WHO: 'a' }, tags: { t: 'x' } },
  second: { executor: 'per-vu-iterations', exec: 'one', env: { WHO: 'b' }, startTime: '1s' },
} };
export function one() { console.log(__ENV.WHO); }`,
  },
  {
    console: ['61 0'],
    exitCode: 0,
    name: 'a constant arrival rate of 20/s for 3 s starts 61 iterations',
    script: `import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 20, duration: '3s', preAllocatedVUs: 5 } } };
export default function () {}
export function handleSummary(data) {
  console.log(data.metrics.iterations.values.count, data.metrics.dropped_iterations?.values.count ?? 0);
  return {};
}`,
  },
  {
    console: ['dropped'],
    exitCode: 0,
    name: 'an arrival that finds no VU is dropped and counted',
    script: `export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1, gracefulStop: '3s' } } };
export default async function () { await new Promise((r) => setTimeout(r, 2000)); }
export function handleSummary(data) {
  const { iterations, dropped_iterations } = data.metrics;
  console.log(iterations.values.count === 1 && dropped_iterations.values.count === 10 ? 'dropped' : JSON.stringify([iterations, dropped_iterations]));
  return {};
}`,
  },
  {
    console: ['true'],
    exitCode: 0,
    name: 'iterations that outlast gracefulStop are interrupted and not counted',
    script: `export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
export default async function () { await new Promise((r) => setTimeout(r, 30000)); console.log('not reached'); }
export function handleSummary(data) { console.log(data.metrics.iterations === undefined); return {}; }`,
  },
];
