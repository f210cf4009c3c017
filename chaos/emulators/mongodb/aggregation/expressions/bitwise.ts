/** $bitAnd $bitOr $bitXor $bitNot on ints and longs, which in BSON are two's complement. */
import { Long } from 'bson';
import { MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { integerOf, numberTypeOf } from '../../numbers/number-type.ts';
import { unary, variadic } from './arguments.ts';
import { isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable } from './evaluation.ts';

export const bitwiseOperators: OperatorTable = {
  $bitAnd: combine(-1n, (left, right) => left & right),
  $bitNot: unary((value, name) => {
    if (isNullish(value)) return null;
    checkInteger(value, name);
    const bits = ~integerOf(value);
    return numberTypeOf(value) === 'long' ? Long.fromBigInt(bits) : Number(bits);
  }),
  $bitOr: combine(0n, (left, right) => left | right),
  $bitXor: combine(0n, (left, right) => left ^ right),
};

function combine(neutral: bigint, bits: (left: bigint, right: bigint) => bigint): ExpressionOperator {
  return variadic((values, name) => {
    let result = neutral;
    let isLong = false;
    for (const value of values) {
      if (isNullish(value)) return null;
      checkInteger(value, name);
      if (numberTypeOf(value) === 'long') isLong = true;
      result = bits(result, integerOf(value));
    }
    return isLong ? Long.fromBigInt(result) : Number(result);
  });
}

function checkInteger(value: unknown, name: string): void {
  const type = numberTypeOf(value);
  if (type === 'int' || type === 'long') return;
  throw new MongoError(
    'TypeMismatch',
    `${name} only supports int and long operands, not ${typeNameOf(value)}`,
  );
}
