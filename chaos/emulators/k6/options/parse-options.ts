/** Turns one raw layer of options into checked ones: wrong values are errors, unknown names only warnings, as in k6. */
import type { z } from 'zod';
import { RunError } from '../errors.ts';
import { knownOptionNames, optionsSchema, unsupportedOptions } from './options.ts';
import type { Options } from './options.ts';

export interface ParsedOptions {
  readonly options: Options;
  readonly warnings: readonly string[];
}

export function parseOptions(raw: unknown, layer: string): ParsedOptions {
  if (raw === undefined || raw === null) return { options: {}, warnings: [] };
  const parsed = optionsSchema.safeParse(withoutNulls(raw));
  if (!parsed.success) throw invalidConfiguration(`${layer} options`, describeIssues(parsed.error));
  const warnings: string[] = [];
  for (const name of Object.keys(raw)) {
    if ((unsupportedOptions as readonly string[]).includes(name)) {
      throw invalidConfiguration(`${layer} options`, [
        `option '${name}' is not supported by the built-in runtime`,
      ]);
    }
    if (!knownOptionNames.has(name)) {
      warnings.push(`unknown option '${name}' in the ${layer} options is ignored`);
    }
  }
  return { options: parsed.data, warnings };
}

export function invalidConfiguration(where: string, problems: readonly string[]): RunError {
  const lines = problems.map((problem) => `\t- ${problem}`).join('\n');
  return new RunError(
    'invalid-configuration',
    `there were problems with the specified configuration (${where}):\n${lines}`,
  );
}

export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
}

/** In k6 null leaves an option as it was. */
function withoutNulls(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined));
}
