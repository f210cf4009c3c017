/** Accumulators as expressions: over the elements of one array, or over a list of operands. */
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import {
  averageState,
  deviationState,
  percentileSpecification,
  percentilesOf,
  sumState,
} from '../accumulators/arithmetic.ts';
import { extremesState, extremeState, firstState, lastState } from '../accumulators/collecting.ts';
import type { CountedState } from '../accumulators/collecting.ts';
import { countedOperands, countOf } from '../accumulators/accumulator.ts';
import type { ValueState } from '../accumulators/accumulator.ts';
import { compileList, evaluatorOf, isArray } from './arguments.ts';
import { computedNode, foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable, Scope } from './evaluation.ts';

export const aggregateOperators: OperatorTable = {
  $avg: overValues(() => averageState('operator')),
  $firstN: overCounted((count) => firstState(count)),
  $lastN: overCounted((count) => lastState(count)),
  $max: overValues((scope) => extremeState(scope, 1)),
  $maxN: overCounted((count, scope) => extremesState(count, scope, 1)),
  $median: compilePercentiles,
  $min: overValues((scope) => extremeState(scope, -1)),
  $minN: overCounted((count, scope) => extremesState(count, scope, -1)),
  $percentile: compilePercentiles,
  $stdDevPop: overValues(() => deviationState('population')),
  $stdDevSamp: overValues(() => deviationState('sample')),
  $sum: overValues(sumState),
};

function overValues(start: (scope: Scope) => ValueState): ExpressionOperator {
  return (operand, scope) => {
    const nodes = compileList(operand, scope);
    const [only] = nodes;
    return foldedNode(nodes, (root) => {
      const single = nodes.length === 1 ? only?.evaluate(root) : undefined;
      const values = isArray(single) ? single : nodes.map(({ evaluate }) => evaluate(root));
      const state = start(scope);
      for (const value of values) state.add(value);
      return state.result();
    });
  };
}

function overCounted(start: CountedState): ExpressionOperator {
  return (operand, scope, name) => {
    const given = countedOperands(operand, name, ['input', 'n'], {
      notAnObject: 5787900,
      unknown: 5787901,
      missing: 5787907,
      missingCount: 5787906,
    });
    const nodes = [scope.compile(given['input']), scope.compile(given['n'])];
    const [input, n] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    return foldedNode(nodes, (root) => {
      const count = countOf(n(root));
      const values = input(root);
      if (isNullish(values)) throw locationError(5788200, 'Input must be an array');
      if (!isArray(values))
        throw locationError(5788200, `Input must be an array, found ${typeNameOf(values)}`);
      const state = start(count, scope);
      for (const value of values) state.add(value);
      return state.result();
    });
  };
}

function compilePercentiles(operand: unknown, scope: Scope, name: string) {
  const specification = percentileSpecification(operand, scope, name);
  return computedNode((root) => {
    const value = specification.input(root);
    return percentilesOf(isArray(value) ? value : [value], specification);
  });
}
