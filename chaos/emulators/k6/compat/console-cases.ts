/** What `console` prints, and what TypeScript scripts may use. */
import type { CompatCase } from './case.ts';

export const consoleCases: readonly CompatCase[] = [
  {
    console: [
      'plain',
      'two words',
      '',
      'line 1',
      'line 2',
      '{ a: 1 }',
      '[ 1, 2 ]',
      'undefined null',
      '1 true',
    ],
    exitCode: 0,
    name: 'strings as they are, values as k6 prints them',
    script: `export default function () {
  console.log('plain'); console.log('two', 'words'); console.log(); console.log('line 1\\nline 2');
  console.log({ a: 1 }); console.log([1, 2]); console.log(undefined, null); console.log(1, true);
}`,
  },
  {
    console: ['shown'],
    exitCode: 0,
    name: 'debug is hidden',
    script: `export default function () { console.debug('hidden'); console.warn('shown'); }`,
  },
  {
    console: ['2 b 3', 'x=5', 'true'],
    exitCode: 0,
    files: {
      'inner.ts': `export interface Shape { readonly x: number }\nexport const shape: Shape = { x: 5 };`,
      'lib.ts': `import { shape } from './inner.ts';\nexport let calls: number = 0;\nexport function call<T>(value: T): T { calls += 1; return value; }\nexport { shape };`,
    },
    name: 'TypeScript with enums, namespaces, generics, parameter properties and imports',
    script: `import { call, calls, shape } from './lib.ts';
import type { Shape } from './inner.ts';
enum Letter { A = 'a', B = 'b' }
namespace Space { export const three = 3; }
class Point { constructor(readonly x: number) {} }
export default function () {
  call(1); call(2);
  console.log(calls, Letter.B, Space.three);
  console.log('x=' + new Point(call(shape satisfies Shape).x).x);
  console.log(calls! === (3 as number));
}`,
  },
  {
    console: ['1 0 1', '1 1 2'],
    exitCode: 0,
    name: 'a VU keeps its module state from one iteration to the next',
    script: `export const options = { vus: 1, iterations: 2 };
let count = 0;
export default function () { count += 1; console.log(__VU, __ITER, count); }`,
  },
  {
    console: ['1 1', '1 1', '1 1'],
    exitCode: 0,
    files: { 'state.ts': 'export const state = { count: 0 };' },
    name: 'no VU sees the module state of another',
    script: `import { state } from './state.ts';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 1 } } };
let count = 0;
export default function () { count += 1; state.count += 1; console.log(count, state.count); }`,
  },
  {
    console: ['function function function object object', 'undefined undefined undefined undefined'],
    exitCode: 0,
    name: 'the globals that are there, and those that are not',
    script: `export default function () {
  console.log(typeof setTimeout, typeof open, typeof TextEncoder, typeof crypto, typeof __ENV);
  console.log(typeof fetch, typeof process, typeof URL, typeof structuredClone);
}`,
  },
  {
    console: ['value'],
    exitCode: 0,
    flags: ['-e', 'NAME=value'],
    name: 'variables of the command line',
    script: `export default function () { console.log(__ENV.NAME); }`,
  },
  {
    console: ['start', 'floating'],
    exitCode: 0,
    name: 'an iteration waits for its timers',
    script: `export default function () { console.log('start'); setTimeout(() => console.log('floating'), 30); }`,
  },
  {
    console: ['{"a":[1]}', 'teardown {"a":[1]}'],
    exitCode: 0,
    name: 'what setup returns goes to the iterations and to teardown',
    script: `export function setup() { return { a: [1] }; }
export default function (data) { console.log(JSON.stringify(data)); data.a.push(2); }
export function teardown(data) { console.log('teardown ' + JSON.stringify(data)); }`,
  },
  {
    console: ['no data'],
    exitCode: 0,
    flags: ['--no-setup', '--no-teardown'],
    name: 'without setup and teardown',
    script: `export function setup() { return 1; }
export default function (data) { console.log(data === undefined || data === null ? 'no data' : data); }
export function teardown() { console.log('teardown'); }`,
  },
];
