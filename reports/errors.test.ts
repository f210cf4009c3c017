import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ReportsError, reportsErrorTable, type ReportsErrorCode } from './errors.ts';

it('has the errors in its documentation as they are', () => {
  const documented = readFileSync(new URL('../docs/reports.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, code, exit, hint] = /^\| `([A-Z_]+)` \| (\d+) \| (.*) \|$/.exec(line) ?? [];
      return code === undefined ? [] : [[code, { exitStatus: Number(exit), hint }]];
    });
  expect(documented).toEqual(Object.entries(reportsErrorTable));
});

it('carries what a command needs to end with it', () => {
  const codes = Object.keys(reportsErrorTable) as ReportsErrorCode[];
  expect(codes).toEqual(codes.toSorted());
  expect(new ReportsError('REPORT_OLDER', 'old')).toMatchObject({
    code: 'REPORT_OLDER',
    exitStatus: 64,
    message: 'old',
  });
});
