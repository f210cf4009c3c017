/**
 * Reads report.json and evidence.json, and describes a file that is not valid: of an older or newer schema,
 * truncated, or another file.
 */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ReportsError, type ReportsErrorCode, unreadable } from '../errors.ts';
import { type Evidence, storedEvidenceSchema } from './evidence.ts';
import { reportSchema, schemaVersion, type Report } from './report.ts';

/** Throws ReportsError FILE_UNREADABLE, REPORT_FOREIGN, REPORT_NEWER, REPORT_OLDER or REPORT_TRUNCATED. */
export async function readReport(path: string): Promise<Report> {
  return parseReport(await readText(path), path);
}

/** Throws ReportsError as readReport does. */
export function parseReport(text: string, name = 'report'): Report {
  const parsed = parseJson(text, name, 'REPORT_FOREIGN');
  const version = versionOf(parsed);
  if (version === null) {
    throw new ReportsError('REPORT_FOREIGN', `${name} is JSON, but not a report: it has no schemaVersion`);
  }
  if (version !== schemaVersion) {
    const code = version < schemaVersion ? 'REPORT_OLDER' : 'REPORT_NEWER';
    throw new ReportsError(code, `${name} has schema ${version}, and this is schema ${schemaVersion}`);
  }
  return validated(reportSchema, parsed, name, 'REPORT_FOREIGN');
}

/** Throws ReportsError FILE_UNREADABLE, EVIDENCE_FOREIGN or REPORT_TRUNCATED. */
export async function readEvidence(path: string): Promise<Evidence> {
  return validated(
    storedEvidenceSchema,
    parseJson(await readText(path), path, 'EVIDENCE_FOREIGN'),
    path,
    'EVIDENCE_FOREIGN',
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parseJson(text: string, name: string, foreign: ReportsErrorCode): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const begun = text.trimStart().startsWith('{');
    if (begun)
      throw new ReportsError('REPORT_TRUNCATED', `${name} is cut off or damaged: ${String(error)}`, {
        cause: error,
      });
    throw new ReportsError(foreign, `${name} is not JSON`, { cause: error });
  }
}

function versionOf(parsed: unknown): number | null {
  if (typeof parsed !== 'object' || parsed === null || !('schemaVersion' in parsed)) return null;
  return typeof parsed.schemaVersion === 'number' ? parsed.schemaVersion : null;
}

function validated<T>(schema: z.ZodType<T>, parsed: unknown, name: string, code: ReportsErrorCode): T {
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ReportsError(
    code,
    `${name}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not valid'}`,
  );
}
