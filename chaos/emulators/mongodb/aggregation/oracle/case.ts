/** One expression with what it should give, as the oracle computed it. */
import type { Random } from '../../../../random.ts';
import type { Fraction, NumberKind } from './fractions.ts';

export type Expected =
  | { readonly kind: 'number'; readonly type: NumberKind; readonly value: Fraction }
  /** The same type and value, field by field. */
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly code: number };

export interface OracleCase {
  readonly expression: unknown;
  readonly document: Record<string, unknown>;
  readonly expected: Expected;
}

export type CaseGenerator = (random: Random) => OracleCase;

export function valueCase(
  expression: unknown,
  document: Record<string, unknown>,
  value: unknown,
): OracleCase {
  return { expression, document, expected: { kind: 'value', value } };
}
