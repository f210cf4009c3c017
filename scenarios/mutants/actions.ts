/** Mutants of the players' actions. */
import type { Mutant } from '../../chaos/api/index.ts';

export const actionMutants: readonly Mutant[] = [
  {
    name: 'idempotency-forgotten',
    title: 'Remembered answers are not looked up, so a repeated request acts again',
    edits: [
      {
        file: 'system/actions/remembered-answer.ts',
        find: '(entry) => entry.key === key',
        replace: '(entry) => entry.key === print',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'idempotency-outside-the-save',
    title: 'Idempotency keys are kept in the memory of the process, apart from the write they protect',
    edits: [
      {
        file: 'system/actions/remembered-answer.ts',
        find: 'export function recall(',
        replace: `const answers = new Map<string, { fingerprint: string; result: ActionResult }>();

export function recall(`,
      },
      {
        file: 'system/actions/remembered-answer.ts',
        find: 'general.recent_keys.find((entry) => entry.key === key)',
        replace: 'answers.get(key)',
      },
      {
        file: 'system/actions/remembered-answer.ts',
        find: 'const recent_keys = [...general.recent_keys, { key, fingerprint: print, result }].slice(-recentKeysLimit);',
        replace: 'answers.set(key, { fingerprint: print, result });',
      },
      {
        file: 'system/actions/remembered-answer.ts',
        find: 'return { ...general, recent_keys };',
        replace: 'return general;',
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I10'],
  },
  {
    name: 'save-not-awaited',
    title: 'A save is sent off and answered at once, whatever its outcome',
    edits: [
      {
        file: 'system/actions/perform-action.ts',
        find: 'await parts.saves.saveGeneral({ before, after }, { deadline });',
        replace: 'parts.saves.saveGeneral({ before, after }, { deadline }).catch(() => undefined);',
      },
    ],
    scenario: 'writes',
    fault: 'api-killed',
    breaks: ['I10'],
  },
];
