/** The doctor's findings as plain text, what needs doing first. */
import type { Finding } from './finding.ts';

const order = { missing: 0, optional: 1, ok: 2 } as const;

export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length), 0);
  const indent = ' '.repeat('optional'.length + width + 4);
  const sorted = [...findings].sort((left, right) => order[left.state] - order[right.state]);
  const lines = sorted.flatMap(({ name, state, detail, remedy }) => [
    `${state.padEnd('optional'.length)}  ${name.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`${indent}remedy: ${remedy}`]),
  ]);
  return [...lines, '', summarise(findings)].join('\n');
}

function summarise(findings: readonly Finding[]): string {
  const missing = findings.filter(({ state }) => state === 'missing').map(({ name }) => name);
  if (missing.length === 0) return 'Everything that is needed is present.';
  return `Missing: ${missing.join(', ')}.`;
}
