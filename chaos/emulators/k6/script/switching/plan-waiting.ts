/** Decides how the VUs of a script wait in calls that block, and rewrites the script where they are switched. */
import { Edits } from '../edits.ts';
import type { ModuleCode } from '../module-code.ts';
import { readSource } from '../read-source.ts';
import { codeOf } from '../prepare-module.ts';
import { concurrencyOf } from './concurrency.ts';
import { buildModel } from './model-builder.ts';
import type { SourceFile } from './program-model.ts';
import { Suspension } from './suspension.ts';
import { rewriteForSwitching } from './switch-rewriter.ts';

export type WaitingPlan =
  | { readonly kind: 'none' }
  /** The code of each file, by URL. */
  | { readonly kind: 'switch'; readonly codes: Readonly<Record<string, ModuleCode>> }
  /** In a thread of its own for each VU, and why. */
  | { readonly kind: 'thread'; readonly reason: string };

export interface PlannedFile {
  readonly url: string;
  readonly text: string;
  target(specifier: string): string;
}

export function planSwitching(
  files: readonly PlannedFile[],
  entry: string,
): Exclude<WaitingPlan, { kind: 'none' }> {
  const sources = files.map(({ target, text, url }) => ({ ...readSource(text, url), target, url }));
  const readable: readonly SourceFile[] = sources;
  const concurrency = concurrencyOf(readable, entry);
  if (concurrency !== undefined) return { kind: 'thread', reason: concurrency };
  const model = buildModel(readable);
  const suspension = new Suspension(model);
  const { obstacle } = suspension;
  if (obstacle !== undefined) return { kind: 'thread', reason: obstacle };
  const codes = sources.map((source) => {
    const edits = new Edits(source.javaScript);
    rewriteForSwitching(source, model.functions, suspension, edits);
    return [source.url, codeOf(source, edits, true)] as const;
  });
  return { codes: Object.fromEntries(codes), kind: 'switch' };
}
