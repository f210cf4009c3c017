/** Tables of right values: expression, document, and what MongoDB gives, type and field order included. */
import { Decimal128, Double, Long } from 'bson';
import { expect, it } from 'vitest';
import { decodeDocument } from '../../bson/decode.ts';
import { encodeDocument } from '../../bson/encode.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { shellText } from '../../storage/duplicate-key.ts';
import { compileExpression } from '../expression.ts';
import { compilePipeline, parsePipeline } from '../pipeline.ts';
import type { Document } from '../../storage/contract.ts';

export const long = (value: bigint | number): Long => Long.fromBigInt(BigInt(value));
export const double = (value: number): Double => new Double(value);
export const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
export const date = (text: string): Date => new Date(text);

/** Stands for a field that is not there. */
export const missing: unique symbol = Symbol('missing');

const environment = { nowMs: Date.parse('2024-05-06T07:08:09.010Z') };

export function evaluate(expression: unknown, document: Document = {}): unknown {
  return compileExpression(expression, environment)(document);
}

/** A value as text that tells types apart: two values show the same when their bytes are the same. */
export function shown(value: unknown): string {
  if (value === undefined || value === missing) return 'missing';
  if (Number.isNaN(value)) return 'double NaN';
  const bytes = Buffer.from(encodeDocument({ value }));
  const { value: stored } = decodeDocument(bytes);
  return `${typeNameOf(stored)} ${shellText(stored)} ${bytes.toString('hex')}`;
}

export type Row = readonly [expression: unknown, expected: unknown, document?: Document];

export function itGives(rows: readonly Row[]): void {
  it.each(rows.map((row) => [shellText(row[0]), row] as const))(
    '%s',
    (_, [expression, expected, document]) => {
      expect(shown(evaluate(expression, document))).toBe(shown(expected));
    },
  );
}

export type ErrorRow = readonly [expression: unknown, code: number, document?: Document];

export function itRefuses(rows: readonly ErrorRow[]): void {
  it.each(rows.map((row) => [shellText(row[0]), row] as const))('%s', (_, [expression, code, document]) => {
    expect(() => evaluate(expression, document)).toThrow(expect.objectContaining({ code }));
  });
}

/** Runs a pipeline over documents; `collections` are those that it may join. */
export function aggregate(
  pipeline: readonly unknown[],
  documents: readonly Document[],
  collections: Readonly<Record<string, readonly Document[]>> = {},
  matches: (filter: Document) => (document: Document) => boolean = () => () => true,
): Document[] {
  const run = compilePipeline(parsePipeline(pipeline), {
    environment,
    random: { next: () => 0.5 },
    readCollection: (name, filter) => (collections[name] ?? []).filter(matches(filter)),
  });
  return [...run(documents)];
}
