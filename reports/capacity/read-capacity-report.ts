/** Reads the report of a capacity run back, and says of a file that is none what it is. */
import { readFile } from 'node:fs/promises';
import { ReportsError } from '../errors.ts';
import { type CapacityReport, capacityReportSchema, capacitySchemaVersion } from './capacity-report.ts';

/** Throws ReportsError FILE_UNREADABLE, REPORT_TRUNCATED, REPORT_FOREIGN, REPORT_OLDER or REPORT_NEWER. */
export async function readCapacityReport(path: string): Promise<CapacityReport> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ReportsError('FILE_UNREADABLE', `${path} can not be read: ${String(error)}`, { cause: error });
  }
  return parseCapacityReport(text, path);
}

export function parseCapacityReport(text: string, name: string): CapacityReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const code = text.trimStart().startsWith('{') ? 'REPORT_TRUNCATED' : 'REPORT_FOREIGN';
    throw new ReportsError(code, `${name} is cut off or no JSON: ${String(error)}`, { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null || !('kind' in parsed) || parsed.kind !== 'capacity')
    throw new ReportsError('REPORT_FOREIGN', `${name} is no report of redcliff capacity`);
  const version = 'schemaVersion' in parsed ? Number(parsed.schemaVersion) : Number.NaN;
  if (version !== capacitySchemaVersion)
    throw new ReportsError(
      version > capacitySchemaVersion ? 'REPORT_NEWER' : 'REPORT_OLDER',
      `${name} has schema ${version}, and this is schema ${capacitySchemaVersion}`,
    );
  const result = capacityReportSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ReportsError(
    'REPORT_FOREIGN',
    `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
  );
}
