/** Reads trace.ndjson back. A run that was killed leaves a half-written last line, which is left out; any other damage is named with its line. */
import { open } from 'node:fs/promises';
import { ReportsError, unreadable } from '../errors.ts';
import { traceHeadSchema, tracedCommandSchema, type Trace, type TracedCommand } from './trace.ts';

/** Throws ReportsError FILE_UNREADABLE or TRACE_DAMAGED. */
export async function readTrace(path: string): Promise<Trace> {
  const lines: string[] = [];
  try {
    await using file = await open(path);
    for await (const line of file.readLines({ encoding: 'utf8' })) lines.push(line);
  } catch (error) {
    throw unreadable(path, error);
  }
  return parseTrace(lines, path);
}

/** Throws ReportsError TRACE_DAMAGED, naming line and field. */
export function parseTrace(lines: readonly string[], name = 'trace'): Trace {
  const head = traceHeadSchema.safeParse(parsedOrNull(lines[0] ?? ''));
  if (!head.success) {
    const [issue] = head.error.issues;
    const what =
      issue === undefined ? 'not the head of a trace' : `${issue.path.join('.')}: ${issue.message}`;
    throw new ReportsError('TRACE_DAMAGED', `${name} line 1: ${what}`);
  }
  const commands: TracedCommand[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const value = parsedOrNull(line);
    if (value === null && index === lines.length - 1) break;
    const command = tracedCommandSchema.safeParse(value);
    if (!command.success) {
      const [issue] = command.error.issues;
      const what = value === null ? 'not JSON' : `${issue?.path.join('.')}: ${issue?.message}`;
      throw new ReportsError('TRACE_DAMAGED', `${name} line ${index + 1}: ${what}`);
    }
    commands.push(command.data);
  }
  commands.sort((left, right) => left.startedMs - right.startedMs);
  return { head: head.data, commands };
}

function parsedOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
