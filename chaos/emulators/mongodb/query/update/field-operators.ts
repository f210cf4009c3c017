/** Update operators on single values: $bit $currentDate $inc $max $min $mul $set $setOnInsert $unset. */
import { shellText } from '../../storage/duplicate-key.ts';
import { Long, Timestamp } from 'bson';
import { compareValues } from '../../bson/compare.ts';
import { MongoError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../bson-value.ts';
import { calculate, zeroLike } from '../../numbers/calculate.ts';
import { integerOf, numberTypeOf } from '../../numbers/number-type.ts';
import type { Arithmetic } from '../../numbers/calculate.ts';
import { removed, unchanged } from './operator.ts';
import type { UpdateOperator } from './operator.ts';

export const setOperator: UpdateOperator = (operand) => () => operand;

export const setOnInsertOperator: UpdateOperator =
  (operand) =>
  (_old, { isInsert }) =>
    isInsert ? operand : unchanged;

export const unsetOperator: UpdateOperator = () => (old) => (old === undefined ? unchanged : removed);

export const incOperator: UpdateOperator = arithmetic('$inc', 'increment', 'add');
export const mulOperator: UpdateOperator = arithmetic('$mul', 'multiply', 'multiply');

function arithmetic(name: string, verb: string, operation: Arithmetic): UpdateOperator {
  return (operand, path) => {
    if (numberTypeOf(operand) === undefined) {
      throw new MongoError(
        'TypeMismatch',
        `Cannot ${verb} with non-numeric argument: {${path}: ${shellText(operand)}}`,
      );
    }
    return (old) => {
      if (old === undefined) return operation === 'add' ? operand : zeroLike(operand);
      if (numberTypeOf(old) === undefined) {
        throw new MongoError(
          'TypeMismatch',
          `Cannot apply ${name} to a value of non-numeric type. The field '${path.split('.').at(-1)}' has non-numeric type ${typeNameOf(old)}`,
        );
      }
      const result = calculate(operation, old, operand);
      const isSame = numberTypeOf(result) === numberTypeOf(old) && compareValues(result, old) === 0;
      return isSame ? unchanged : result;
    };
  };
}

export const minOperator: UpdateOperator = (operand) => (old) =>
  old === undefined || compareValues(operand, old) < 0 ? operand : unchanged;

export const maxOperator: UpdateOperator = (operand) => (old) =>
  old === undefined || compareValues(operand, old) > 0 ? operand : unchanged;

export const currentDateOperator: UpdateOperator = (operand, path) => {
  const type = isDocument(operand) ? operand['$type'] : operand === true ? 'date' : undefined;
  if (type !== 'date' && type !== 'timestamp' && operand !== false) {
    throw new MongoError(
      'BadValue',
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: {$type: 'date'}}}`,
    );
  }
  return (_old, { clock }) =>
    type === 'timestamp'
      ? new Timestamp({ t: Math.floor(clock.nowMs() / 1000), i: 1 })
      : new Date(clock.nowMs());
};

export const bitOperator: UpdateOperator = (operand, path) => {
  if (!isDocument(operand)) {
    throw new MongoError('BadValue', `The $bit modifier is not compatible with a ${typeNameOf(operand)}.`);
  }
  const steps = Object.entries(operand);
  if (steps.length === 0) {
    throw new MongoError(
      'BadValue',
      `You must pass in at least one bitwise operation. The format is: {$bit: {${path}: {and/or/xor: #}}}`,
    );
  }
  for (const [name, value] of steps) {
    if (!['and', 'or', 'xor'].includes(name)) {
      throw new MongoError(
        'BadValue',
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${shellText(value)}}`,
      );
    }
    const type = numberTypeOf(value);
    if (type !== 'int' && type !== 'long') {
      throw new MongoError(
        'BadValue',
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeNameOf(value)}' is not supported here: {${name}: ${shellText(value)}}`,
      );
    }
  }
  return (old) =>
    steps.reduce<unknown>(
      (value, [name, bits]) => applyBits(value, name, bits, path),
      old === undefined ? 0 : old,
    );
};

function applyBits(value: unknown, name: string, bits: unknown, path: string): unknown {
  const type = numberTypeOf(value);
  if (type !== 'int' && type !== 'long') {
    throw new MongoError(
      'BadValue',
      `Cannot apply $bit to a value of non-integral type. The field ${path} has non-integral type ${typeNameOf(value)}`,
    );
  }
  const a = integerOf(value);
  const b = integerOf(bits);
  const result = name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
  return type === 'long' || numberTypeOf(bits) === 'long' ? Long.fromBigInt(result) : Number(result);
}
