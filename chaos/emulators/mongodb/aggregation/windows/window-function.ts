/** What a function of $setWindowFields is: it gives one value for each document of a sorted partition. */
import type { Scope } from '../expressions/evaluation.ts';
import type { Document } from '../../storage/contract.ts';
import type { WindowBounds } from './bounds.ts';

export interface Partition {
  readonly documents: readonly Document[];
  /** Values of the one field that is sorted by; all missing when there are more. */
  readonly sortValues: readonly unknown[];
  /** Whether two documents next to each other sort the same. */
  isTie(index: number): boolean;
}

export type WindowFunction = (partition: Partition) => readonly unknown[];

export interface WindowSpecification {
  readonly name: string;
  readonly operand: unknown;
  readonly scope: Scope;
  readonly sortBy: Document | undefined;
  /** undefined when none was given. */
  readonly window: unknown;
  readonly bounds: WindowBounds;
}

export type WindowCompiler = (specification: WindowSpecification) => WindowFunction;

export type WindowTable = Readonly<Record<string, WindowCompiler>>;
