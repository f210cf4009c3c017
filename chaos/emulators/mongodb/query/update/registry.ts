/** All update operators of the `{$operator: {path: operand}}` form but $rename, which has two paths. */
import {
  addToSetOperator,
  popOperator,
  pullAllOperator,
  pullOperator,
  pushOperator,
} from './array-operators.ts';
import {
  bitOperator,
  currentDateOperator,
  incOperator,
  maxOperator,
  minOperator,
  mulOperator,
  setOnInsertOperator,
  setOperator,
  unsetOperator,
} from './field-operators.ts';
import type { UpdateOperator } from './operator.ts';

export const updateOperators: ReadonlyMap<string, UpdateOperator> = new Map([
  ['$addToSet', addToSetOperator],
  ['$bit', bitOperator],
  ['$currentDate', currentDateOperator],
  ['$inc', incOperator],
  ['$max', maxOperator],
  ['$min', minOperator],
  ['$mul', mulOperator],
  ['$pop', popOperator],
  ['$pull', pullOperator],
  ['$pullAll', pullAllOperator],
  ['$push', pushOperator],
  ['$set', setOperator],
  ['$setOnInsert', setOnInsertOperator],
  ['$unset', unsetOperator],
]);
