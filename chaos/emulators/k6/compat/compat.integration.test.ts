/** The facts about k6, case by case, against the built-in runtime and against a real k6 where there is one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompatServer } from './compat-server.ts';
import type { CompatServer } from './compat-server.ts';
import { consoleCases } from './console-cases.ts';
import { exitCodeCases } from './exit-code-cases.ts';
import { httpCases } from './http-cases.ts';
import { moduleCases } from './module-cases.ts';
import { optionCases } from './option-cases.ts';
import { socketCases } from './socket-cases.ts';
import { runCase, subjects } from './subject.ts';

const suites = {
  console: consoleCases,
  'exit codes': exitCodeCases,
  http: httpCases,
  modules: moduleCases,
  options: optionCases,
  sockets: socketCases,
};

let server: CompatServer;
beforeAll(async () => {
  server = await startCompatServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

for (const { missing, subject } of subjects(process.env)) {
  describe.skipIf(missing).concurrent(`${subject.name}${missing ? ' (none on PATH nor in K6)' : ''}`, () => {
    for (const [suite, cases] of Object.entries(suites)) {
      for (const one of cases) {
        test(`${suite}: ${one.name}`, async () => {
          const run = await runCase(subject, one, server.address);
          const exitCode =
            subject.name === 'built-in' ? (one.builtin?.exitCode ?? one.exitCode) : one.exitCode;
          expect({ exitCode: run.exitCode, log: run.exitCode === exitCode ? '' : run.log }).toEqual({
            exitCode,
            log: '',
          });
          expect(one.console === undefined ? undefined : run.console).toEqual(one.console);
          expect((one.logs ?? []).filter((text) => !run.log.includes(text))).toEqual([]);
        });
      }
    }
  });
}
