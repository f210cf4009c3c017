/** What becomes of an exception that a script did not catch: a line in the log; the run goes on, as in k6. */
import { InterruptError } from '../errors.ts';
import type { ScriptContext } from './script-context.ts';

export function reportException(context: ScriptContext, error: unknown, prefix = ''): void {
  if (error instanceof InterruptError) return;
  const fields: Record<string, string> = { source: 'stacktrace' };
  if (context.scenario !== undefined) {
    fields['executor'] = context.scenario.options.executor;
    fields['scenario'] = context.scenario.options.name;
  }
  context.run.log.report('error', `${prefix}${describeException(error)}`, fields);
}

/** The message and the lines of the script it went through. */
export function describeException(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? '')
    .split('\n')
    .filter(
      (line) =>
        line.trimStart().startsWith('at ') &&
        line.includes('file://') &&
        !line.includes('/chaos/emulators/k6/'),
    )
    .map((line) => `\t${line.trim()}`);
  const name = error.name === 'Error' || error.message.startsWith(error.name) ? 'Error' : error.name;
  return [`${name}: ${error.message}`, ...lines].join('\n');
}
