/** $type, $isNumber, $convert and its short forms. */
import { MongoError, locationError } from '../../errors.ts';
import { isDocument, typeNameOf, typeNumbers } from '../../query/bson-value.ts';
import { isArray } from './arguments.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { numberTypeOf } from '../../numbers/number-type.ts';
import { compileNamed, evaluatorOf, unary } from './arguments.ts';
import { binaryFormatOf } from './binary-text.ts';
import { convertValue, isConversionTarget } from './conversion.ts';
import type { ConversionOptions, ConversionTarget } from './conversion.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, Node, OperatorTable, Scope } from './evaluation.ts';

export const typeOperators: OperatorTable = {
  $convert: compileConvert,
  $isNumber: unary((value) => numberTypeOf(value) !== undefined),
  $toBool: shortForm('bool'),
  $toDate: shortForm('date'),
  $toDecimal: shortForm('decimal'),
  $toDouble: shortForm('double'),
  $toInt: shortForm('int'),
  $toLong: shortForm('long'),
  $toObjectId: shortForm('objectId'),
  $toString: shortForm('string'),
  $toUUID: shortForm('binData', { format: 'uuid', subtype: 4 }),
  $type: unary((value) => typeNameOf(value)),
};

function shortForm(target: ConversionTarget, options: ConversionOptions = {}): ExpressionOperator {
  return (operand, scope, name) => {
    const items: readonly unknown[] = isArray(operand) ? operand : [operand];
    if (items.length !== 1)
      throw locationError(50723, `${name} requires a single argument, got ${items.length}`);
    const node = scope.compile(items[0]);
    const evaluate = evaluatorOf(node);
    return foldedNode([node], (root) => {
      const value = evaluate(root);
      return isNullish(value) ? null : convertValue(value, target, options);
    });
  };
}

const argumentNames = ['input', 'to', 'onError', 'onNull', 'format', 'byteOrder', 'base'] as const;

function compileConvert(operand: unknown, scope: Scope): Node {
  if (!isDocument(operand)) {
    throw new MongoError(
      'FailedToParse',
      `$convert expects an object of named arguments but found: ${typeNameOf(operand)}`,
    );
  }
  const given: Partial<Record<(typeof argumentNames)[number], unknown>> = {};
  for (const [name, value] of Object.entries(operand)) {
    const known = argumentNames.find((candidate) => candidate === name);
    if (known === undefined) {
      throw new MongoError('FailedToParse', `$convert found an unknown argument: ${name}`);
    }
    given[known] = value;
  }
  for (const name of ['byteOrder', 'base'] as const) {
    if (given[name] !== undefined) {
      throw new MongoError(
        'CommandNotSupported',
        `$convert.${name} is not supported by the embedded MongoDB`,
      );
    }
  }
  if (!('input' in operand)) throw new MongoError('FailedToParse', "Missing 'input' parameter to $convert");
  if (!('to' in operand)) throw new MongoError('FailedToParse', "Missing 'to' parameter to $convert");
  const { to, ...rest } = given;
  const { input, onError, onNull, format } = compileNamed(rest, scope);
  const wantsSubtype = isDocument(to) && Object.keys(to)[0]?.startsWith('$') !== true;
  const type = scope.compile(wantsSubtype ? to['type'] : to);
  const subtype = wantsSubtype && to['subtype'] !== undefined ? scope.compile(to['subtype']) : undefined;
  const nodes = [input, type, subtype, onError, onNull, format].filter((node) => node !== undefined);
  return foldedNode(nodes, (root) => {
    const value = input?.evaluate(root);
    const wanted = type.evaluate(root);
    const name = isNullish(wanted) ? undefined : typeNameArgument(wanted);
    if (isNullish(value)) return onNull === undefined ? null : onNull.evaluate(root);
    if (name === undefined) return null;
    const options = {
      format: format === undefined ? undefined : formatArgument(format.evaluate(root)),
      subtype: subtype === undefined ? undefined : subtypeArgument(subtype.evaluate(root)),
    };
    if (name === 'binData' && typeof value === 'string' && options.format === undefined) {
      throw locationError(4341115, "Format must be specified when converting from 'string' to 'binData'");
    }
    try {
      return convertValue(value, targetOf(name), options);
    } catch (thrown) {
      if (onError === undefined || !(thrown instanceof MongoError) || thrown.codeName !== 'ConversionFailure')
        throw thrown;
      return onError.evaluate(root);
    }
  });
}

/** @throws MongoError 2 for a type that does not exist, 9 for an argument that is none. */
function typeNameArgument(wanted: unknown): string {
  const name = typeof wanted === 'string' ? wanted : typeNamed(wanted);
  if (name !== 'missing' && !Object.hasOwn(typeNumbers, name)) {
    throw new MongoError('BadValue', `Unknown type name: ${name}`);
  }
  return name;
}

/** @throws MongoError 241 for a type that nothing is converted to. */
function targetOf(name: string): ConversionTarget {
  if (isConversionTarget(name)) return name;
  throw new MongoError(
    'ConversionFailure',
    `Unsupported conversion to ${name} in $convert with no onError value`,
  );
}

function typeNamed(wanted: unknown): string {
  if (numberTypeOf(wanted) === undefined) {
    throw new MongoError(
      'FailedToParse',
      `$convert's 'to' argument must be a string or number, but is ${typeNameOf(wanted)}`,
    );
  }
  const number = exactInt(wanted);
  if (number === undefined) {
    throw new MongoError('FailedToParse', "In $convert, numeric 'to' argument is not an integer");
  }
  if (number === 0) return 'missing';
  const found = Object.entries(typeNumbers).find(([, value]) => value === number);
  if (found === undefined) {
    throw new MongoError(
      'FailedToParse',
      `In $convert, numeric value for 'to' does not correspond to a BSON type: ${number}`,
    );
  }
  return found[0];
}

function formatArgument(value: unknown): ConversionOptions['format'] {
  if (isNullish(value)) return undefined;
  if (typeof value !== 'string') {
    throw locationError(4341114, `$convert requires that 'format' be a string, found: ${typeNameOf(value)}`);
  }
  const format = binaryFormatOf(value);
  if (format === undefined) throw locationError(4341125, `Invalid 'format' argument for $convert: ${value}`);
  return format;
}

function subtypeArgument(value: unknown): number | undefined {
  if (isNullish(value)) return undefined;
  if (numberTypeOf(value) === undefined) {
    throw locationError(4341108, `In $convert, 'subtype' must be a number, found: ${typeNameOf(value)}`);
  }
  const subtype = exactInt(value);
  if (subtype === undefined)
    throw locationError(4341106, "In $convert, numeric 'subtype' argument is not an integer");
  if (subtype < 0 || subtype > 255)
    throw locationError(4341107, `In $convert, numeric value for 'subtype' is out of range: ${subtype}`);
  return subtype;
}
