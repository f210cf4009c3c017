/** $group: documents by the value of an expression, compared as BSON; the accumulators are mingo's. */
import { evalExpr } from 'mingo/core';
import { encodeDocument } from '../bson/encode.ts';
import { locationError } from '../errors.ts';
import { TextLabels } from '../collation/text-labels.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { checkExpression, compileExpression, expressionError, prepareExpression } from './expression.ts';
import type { Expression, ExpressionEnvironment } from './expression.ts';
import { accumulatorNames, mingoContext } from './mingo-context.ts';
import { fromMingo, toMingo } from './mingo-values.ts';
import type { Stage } from './pipeline.ts';

export function compileGroup(operand: unknown, environment: ExpressionEnvironment): Stage {
  if (!isDocument(operand)) throw locationError(15947, "a group's fields must be specified in an object");
  if (!('_id' in operand)) throw locationError(15955, 'a group specification must include an _id');
  const { _id: id, ...accumulators } = operand;
  return compileGroupBy(compileExpression(id, environment), accumulators, environment);
}

/** Groups by a value that is computed already. */
export function compileGroupBy(
  groupId: Expression,
  fields: Document,
  environment: ExpressionEnvironment,
): Stage {
  const accumulators = Object.entries(fields).map(([name, accumulator]) => ({
    name,
    expression: checkAccumulator(name, accumulator, environment),
  }));
  const variables = environment.variables ?? {};
  const { collation } = environment;
  return (documents) => {
    const labels = collation === undefined ? undefined : new TextLabels(collation);
    const groups = new Map<string, { id: unknown; members: unknown[] }>();
    for (const document of documents) {
      const id = groupId(document) ?? null;
      const key = groupKey(labels === undefined ? id : labels.keep(id));
      const group = groups.get(key) ?? { id, members: [] };
      if (group.members.length === 0) groups.set(key, group);
      group.members.push(toMingo(document));
    }
    return [...groups.values()].map(({ id, members }) => {
      const result: Document = { _id: id };
      for (const { name, expression } of accumulators) {
        try {
          result[name] = fromMingo(
            evalExpr(members, expression, { context: mingoContext, variables } as never) ?? null,
          );
        } catch (thrown) {
          throw expressionError(thrown);
        }
      }
      return result;
    });
  };
}

function checkAccumulator(name: string, accumulator: unknown, environment: ExpressionEnvironment): unknown {
  if (name.includes('.')) throw locationError(40235, `The field name '${name}' cannot contain '.'`);
  if (!isDocument(accumulator))
    throw locationError(40234, `The field '${name}' must be an accumulator object`);
  const [operator, ...others] = Object.keys(accumulator);
  if (operator === undefined || others.length > 0) {
    throw locationError(40238, `The field '${name}' must specify one accumulator`);
  }
  if (!accumulatorNames.has(operator)) throw locationError(15952, `unknown group operator '${operator}'`);
  checkExpression(accumulator[operator]);
  return prepareExpression(accumulator, environment);
}

/** Numbers of different types with one value are one group. */
function groupKey(id: unknown): string {
  if (typeof id === 'string') return `s${id}`;
  const number = numberOf(id);
  if (number !== undefined) return `n${number}`;
  return `b${Buffer.from(encodeDocument({ id: toMingo(id) })).toString('latin1')}`;
}
