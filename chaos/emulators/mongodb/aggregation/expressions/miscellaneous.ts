/** $literal, $meta, $rand, and how large a value is. */
import { Binary, Code } from 'bson';
import { locationError } from '../../errors.ts';
import { encodeDocument } from '../../bson/encode.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { doubleOf } from '../../numbers/number-type.ts';
import { metaExpression } from '../document-metadata.ts';
import { unary } from './arguments.ts';
import { computedNode, constantNode, isNullish } from './evaluation.ts';
import type { OperatorTable } from './evaluation.ts';
import { byteLength } from './text-value.ts';

export const miscellaneousOperators: OperatorTable = {
  $binarySize: unary((value, name) => {
    if (isNullish(value)) return null;
    if (typeof value === 'string') return byteLength(value);
    if (value instanceof Binary) return value.position;
    if (value instanceof Code && value.scope === null) return byteLength(value.code);
    throw locationError(51276, `${name} requires a string or BinData argument, found: ${typeNameOf(value)}`);
  }),
  $bsonSize: unary((value, name) => {
    if (isNullish(value)) return null;
    if (isDocument(value)) return encodeDocument(value).length;
    throw locationError(31393, `${name} requires a document input, found: ${typeNameOf(value)}`);
  }),
  $const: (operand) => constantNode(operand),
  $literal: (operand) => constantNode(operand),
  $meta: (operand) => computedNode(metaExpression(operand)),
  $rand: (operand, { environment }, name) => {
    const isEmpty = isDocument(operand) || Array.isArray(operand);
    if (!isEmpty) throw locationError(10065, `invalid parameter: expected an object (${name})`);
    if (Object.keys(operand).length > 0)
      throw locationError(3040501, `${name} does not currently accept arguments`);
    const { random } = environment;
    if (random === undefined) throw locationError(3040501, `${name} is not allowed here`);
    return computedNode(() => doubleOf(random.next()));
  },
};
