/** $group: documents by the value of an expression, compared as BSON compares. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument, setField } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import { numberTypeOf } from '../numbers/number-type.ts';
import type { Document } from '../storage/contract.ts';
import { accumulators, refusedAccumulators } from './accumulators/registry.ts';
import type { AccumulatorState, CompiledAccumulator } from './accumulators/accumulator.ts';
import { rootScope } from './expressions/compile.ts';
import { ValueMap } from './expressions/value-order.ts';
import type { Expression, ExpressionEnvironment } from './expression.ts';
import { compileExpression } from './expression.ts';
import type { Stage, StageCompiler } from './stage.ts';

export const compileGroup: StageCompiler = (operand, { environment }) => {
  if (!isDocument(operand)) throw locationError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(operand, '_id')) throw locationError(15955, 'a group specification must include an _id');
  refuseInclusions(operand['_id']);
  const outputs = compileOutputs(operand, environment, '_id');
  return groupBy(compileExpression(operand['_id'], environment), outputs, environment);
};

/** `_id: {a: 1}` looks like a projection, and would group everything together. */
function refuseInclusions(id: unknown): void {
  if (!isDocument(id) || Object.keys(id)[0]?.startsWith('$') === true) return;
  for (const value of Object.values(id)) {
    if (typeof value === 'boolean' || numberTypeOf(value) !== undefined) {
      throw locationError(17390, '$group does not support inclusion-style expressions');
    }
  }
}

export interface Output {
  readonly name: string;
  readonly accumulator: CompiledAccumulator;
}

/** The accumulators of a stage by the fields they fill; `except` is a field that holds none. */
export function compileOutputs(
  fields: Document,
  environment: ExpressionEnvironment,
  except?: string,
): readonly Output[] {
  return orderedNames(fields)
    .filter((name) => name !== except)
    .map((name) => ({ name, accumulator: compileAccumulator(name, fields[name], environment) }));
}

function compileAccumulator(
  field: string,
  specification: unknown,
  environment: ExpressionEnvironment,
): CompiledAccumulator {
  if (field.includes('.')) throw locationError(40235, `The field name '${field}' cannot contain '.'`);
  if (field.startsWith('$'))
    throw locationError(40236, `The field name '${field}' cannot be an operator name`);
  const [name, ...others] = isDocument(specification) ? Object.keys(specification) : [];
  if (!isDocument(specification) || name === undefined || !name.startsWith('$')) {
    throw locationError(40234, `The field '${field}' must be an accumulator object`);
  }
  if (others.length > 0) throw locationError(40238, `The field '${field}' must specify one accumulator`);
  const accumulator = Object.hasOwn(accumulators, name) ? accumulators[name] : undefined;
  if (Array.isArray(specification[name])) {
    throw locationError(40237, `The ${name} accumulator is a unary operator`);
  }
  if (accumulator !== undefined) return accumulator(specification[name], rootScope(environment), name);
  if (refusedAccumulators.has(name)) {
    throw new MongoError('CommandNotSupported', `${name} is not supported by the embedded MongoDB`);
  }
  throw locationError(15952, `unknown group operator '${name}'`);
}

/** Groups by a value that is computed already; missing is null. */
export function groupBy(
  groupId: Expression,
  outputs: readonly Output[],
  environment: ExpressionEnvironment,
): Stage {
  return function* (documents) {
    const groups = new ValueMap<readonly AccumulatorState[]>(environment);
    for (const document of documents) {
      const id = groupId(document) ?? null;
      let states = groups.get(id);
      if (states === undefined) {
        states = outputs.map(({ accumulator }) => accumulator.start({ _id: id }));
        groups.set(id, states);
      }
      for (const state of states) state.add(document);
    }
    for (const { key, item } of groups.entries()) yield groupDocument(key, outputs, item);
  };
}

export function groupDocument(
  id: unknown,
  outputs: readonly Output[],
  states: readonly AccumulatorState[],
): Document {
  const result: Document = { _id: id };
  outputs.forEach(({ name }, index) => setField(result, name, states[index]?.result() ?? null));
  return result;
}
