/** $rank $denseRank $documentNumber $shift: what depends on a document's place. */
import { locationError, MongoError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { numberTypeOf } from '../../numbers/number-type.ts';
import { evaluatorOf } from '../expressions/arguments.ts';
import type { WindowCompiler, WindowSpecification, WindowTable } from './window-function.ts';

export const rankingFunctions: WindowTable = {
  $denseRank: ranked(({ isTie, documents }) => {
    let rank = 0;
    return documents.map((_, index) => (isTie(index) ? rank : (rank += 1)));
  }),
  $documentNumber: ranked(({ documents }) => documents.map((_, index) => index + 1)),
  $rank: ranked(({ isTie, documents }) => {
    let rank = 0;
    return documents.map((_, index) => (isTie(index) ? rank : (rank = index + 1)));
  }),
  $shift: compileShift,
};

interface Places {
  readonly documents: readonly unknown[];
  isTie(index: number): boolean;
}

function ranked(compute: (places: Places) => readonly number[]): WindowCompiler {
  return ({ name, operand, sortBy, window }) => {
    if (!isDocument(operand) || Object.keys(operand).length > 0) {
      throw locationError(5371603, `${name} must be specified with '{}' as the value`);
    }
    if (window !== undefined)
      throw locationError(5371601, `Rank style window functions take no other arguments`);
    if (Object.keys(sortBy ?? {}).length !== 1) {
      throw locationError(
        5371602,
        `${name} must be specified with a top level sortBy expression with exactly one element`,
      );
    }
    return (partition) => compute(partition);
  };
}

function compileShift({ operand, scope, sortBy, window }: WindowSpecification) {
  if (!isDocument(operand))
    throw new MongoError(
      'FailedToParse',
      `Argument to $shift must be an object, found ${typeNameOf(operand)}`,
    );
  for (const field of Object.keys(operand)) {
    if (!['by', 'output', 'default'].includes(field))
      throw new MongoError('FailedToParse', `Unknown argument in $shift: ${field}`);
  }
  if (sortBy === undefined) throw new MongoError('FailedToParse', '$shift requires a sortBy');
  if (window !== undefined) throw new MongoError('FailedToParse', '$shift does not accept a window');
  const { by, output } = operand;
  if (output === undefined) throw new MongoError('FailedToParse', '$shift requires an output expression');
  if (by === undefined) throw new MongoError('FailedToParse', '$shift requires `by` as an integer value.');
  const distance = numberTypeOf(by) === undefined ? undefined : exactInt(by);
  if (distance === undefined)
    throw new MongoError('FailedToParse', `'$shift:by' field must be an integer, but found ${String(by)}`);
  const otherwise = operand['default'] === undefined ? undefined : scope.compile(operand['default']);
  if (otherwise !== undefined && otherwise.constant === undefined) {
    throw new MongoError('FailedToParse', "'$shift:default' expression must yield a constant value");
  }
  const value = evaluatorOf(scope.compile(output));
  return ({ documents }: Places) =>
    documents.map((_, index) => {
      const at = index + distance;
      if (at < 0 || at >= documents.length) return otherwise?.constant?.value ?? null;
      return value(documents[at]) ?? null;
    });
}
