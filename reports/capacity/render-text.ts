/** The four answers for a terminal. */
import { answersOf } from './answers.ts';
import type { CapacityReport } from './capacity-report.ts';

export function renderText(report: CapacityReport): string {
  const answers = answersOf(report).flatMap(({ question, answer, details }) => [
    `${question} ${answer}`,
    ...details.map((detail) => `    ${detail}`),
  ]);
  const discarded = [...report.mixes, ...report.routes, ...report.faults]
    .flatMap(({ name, steps }) => steps.map((step) => ({ name, step })))
    .filter(({ step }) => step.discarded !== null);
  return [
    ...answers,
    ...discarded.map(({ name, step }) => `Discarded: ${name} at ${step.load.value}: ${step.discarded ?? ''}`),
    ...report.notes.map((note) => `Note: ${note}`),
  ].join('\n');
}
