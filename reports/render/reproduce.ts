/**
 * The command that runs a cell again. What a run draws from its seed alone, `run` draws again on any checkout; of a timeline that was
 * read from a file, shrunk or drawn for a soak only the record has, and `reproduce` reads it. Neither can fix the interleaving.
 */
import type { Cell, Report } from '../record/report.ts';

const runsFolder = 'reports/runs';

export function reproduceCommand(report: Report, cell: Cell): string {
  return isDrawn(report, cell) ? runCommand(report, cell) : replayCommand(report, cell);
}

/** Whether the seed, the scenario and the fault say all that was done: one fault, as drawn from the seed, or none at all. */
function isDrawn({ command }: Report, { fault, timeline }: Cell): boolean {
  if (command.includes(' --plan ') || repeatedFrom(command) !== null) return false;
  const [only, second] = timeline;
  return second === undefined && (only?.fault ?? 'none') === fault;
}

function runCommand(report: Report, cell: Cell): string {
  const { load, mutant } = cell.config;
  const words = ['run', cell.scenario, '--fault', cell.fault, '--seed', cell.seed];
  const durationMs = durationOf(load);
  // The moments of the timeline are drawn within the duration: another one would be another fault.
  if (durationMs !== null) words.push('--duration', `${durationMs}ms`);
  words.push('--stack', report.provider.name);
  if (typeof mutant === 'string') words.push('--mutant', mutant);
  return commandOf(report, words);
}

function replayCommand(report: Report, cell: Cell): string {
  const name = `${cell.scenario}×${cell.fault}`;
  return commandOf(report, ['reproduce', folderOf(report), '--cell', name, '--stack', report.provider.name]);
}

function durationOf(load: unknown): number | null {
  if (typeof load !== 'object' || load === null || !('durationMs' in load)) return null;
  return typeof load.durationMs === 'number' ? load.durationMs : null;
}

/** Where the run is kept, as far as its own command says. */
function folderOf({ command, id }: Report): string {
  const [, quotedOut, plainOut] = / --out (?:'([^']*)'|(\S+))/.exec(command) ?? [];
  const out = repeatedFrom(command) ?? quotedOut ?? plainOut;
  return `${(out ?? runsFolder).replace(/\/$/, '')}/${id}`;
}

/** The folder of a reproduction, each run of which has a report of its own in it; null for any other command. */
function repeatedFrom(command: string): string | null {
  return /^(?:npm run redcliff --|npx redcliff) reproduce (\S.*)$/.exec(command)?.[1] ?? null;
}

/** Called as the command of the report was: by npm in a checkout, else by npx. */
function commandOf({ command }: Report, words: readonly string[]): string {
  const invocation = command.startsWith('npx ') ? 'npx redcliff' : 'npm run redcliff --';
  return `${invocation} ${words.map(quoted).join(' ')}`;
}

function quoted(word: string): string {
  return /^[\w.:/×-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
