/** Evaluates drawn expressions and compares with the oracle. */
import { Decimal128 } from 'bson';
import { seededRandom } from '../../../../random.ts';
import { encodeDocument } from '../../bson/encode.ts';
import { MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { shellText } from '../../storage/duplicate-key.ts';
import { compileExpression } from '../expression.ts';
import { arrayCases } from './array-cases.ts';
import type { Expected, OracleCase } from './case.ts';
import { dateCases } from './date-cases.ts';
import { fraction, ofDouble, order, powerOfTen, times } from './fractions.ts';
import type { Fraction } from './fractions.ts';
import { numberCases } from './number-cases.ts';
import { textCases } from './text-cases.ts';

const groups = [numberCases, dateCases, textCases, arrayCases];

export interface OracleReport {
  readonly cases: number;
  /** How often each operator was the outermost one. */
  readonly operators: ReadonlyMap<string, number>;
  readonly wrong: readonly string[];
}

export function runOracle(count: number, seed: string): OracleReport {
  const random = seededRandom(seed);
  const operators = new Map<string, number>();
  const wrong: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const drawn = random.pick(random.pick(groups))(random);
    const [name = ''] = Object.keys(Object(drawn.expression));
    operators.set(name, (operators.get(name) ?? 0) + 1);
    const difference = differenceOf(drawn);
    if (difference !== undefined) wrong.push(difference);
  }
  return { cases: count, operators, wrong };
}

function differenceOf({ expression, document, expected }: OracleCase): string | undefined {
  let actual: unknown;
  try {
    actual = compileExpression(expression, { nowMs: 0 })(document);
  } catch (thrown) {
    if (!(thrown instanceof MongoError)) throw thrown;
    if (expected.kind === 'error' && thrown.code === expected.code) return undefined;
    return describe(expression, document, expected, `error ${thrown.code}: ${thrown.message}`);
  }
  const isRight = expected.kind === 'number' ? isNumber(actual, expected) : isValue(actual, expected);
  return isRight
    ? undefined
    : describe(expression, document, expected, `${typeNameOf(actual)} ${shellText(actual)}`);
}

function isValue(actual: unknown, expected: Expected): boolean {
  if (expected.kind !== 'value') return false;
  return Buffer.compare(encodeDocument({ value: actual }), encodeDocument({ value: expected.value })) === 0;
}

function isNumber(actual: unknown, expected: Expected): boolean {
  if (expected.kind !== 'number' || typeNameOf(actual) !== expected.type) return false;
  const value = exactOf(actual);
  return value !== undefined && order(value, expected.value) === 0;
}

function exactOf(actual: unknown): Fraction | undefined {
  if (actual instanceof Decimal128) {
    const [mantissa = '', exponent = '0'] = actual.toString().split('E');
    const [whole = '', digits = ''] = mantissa.split('.');
    if (!/^-?\d+$/.test(whole)) return undefined;
    return times(fraction(BigInt(whole + digits)), powerOfTen(Number(exponent) - digits.length));
  }
  if (typeNameOf(actual) === 'long') return fraction(BigInt(String(actual)));
  const number = Number(actual);
  return Number.isFinite(number) ? ofDouble(number) : undefined;
}

function describe(expression: unknown, document: unknown, expected: Expected, actual: string): string {
  const wanted =
    expected.kind === 'number'
      ? `${expected.type} ${expected.value.numerator}/${expected.value.denominator}`
      : expected.kind === 'error'
        ? `error ${expected.code}`
        : `${typeNameOf(expected.value)} ${shellText(expected.value)}`;
  return `${shellText(expression)} of ${shellText(document)} gives ${actual}, not ${wanted}`;
}
