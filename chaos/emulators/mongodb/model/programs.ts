/** Random programs, small enough in ids and values that sessions meet on the same documents. */
import fc from 'fast-check';
import type { Change, Command, Filter, Item } from './commands.ts';
import type { OrderOperator, Value } from './values.ts';

const ids = fc.integer({ min: 0, max: 3 });
const uniques = fc.integer({ min: 0, max: 6 });
const sessions = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 5 });
const directions = fc.constantFrom<1 | -1>(1, -1);

const scalars: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(0.5, 1e12, -1e12),
  fc.constantFrom('', 'a', 'b', 'ä', '\u{1F525}', '\uFFFD'),
  fc.constant(null),
);
const values: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: scalars },
  { weight: 2, arbitrary: fc.array(scalars, { maxLength: 3 }) },
);

const items: fc.Arbitrary<Item> = fc
  .record({
    _id: ids,
    u: uniques,
    n: fc.integer({ min: 0, max: 9 }),
    a: fc.option(values, { nil: undefined }),
  })
  .map(({ a, ...rest }) => (a === undefined ? rest : { ...rest, a }));

const operators = fc.constantFrom<OrderOperator>('$gt', '$gte', '$lt', '$lte');

const simpleFilters: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ kind: 'all' }),
  fc.record({ kind: fc.constant('id' as const), id: ids }),
  fc.record({ kind: fc.constantFrom('equal' as const, 'notEqual' as const), value: values }),
  fc.record({ kind: fc.constant('order' as const), operator: operators, value: values }),
  fc.record({ kind: fc.constant('in' as const), values: fc.array(scalars, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('exists' as const), wanted: fc.boolean() }),
  fc.record({
    kind: fc.constant('between' as const),
    low: fc.integer({ min: -2, max: 1 }),
    high: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('range' as const),
    from: fc.integer({ min: 0, max: 5 }),
    to: fc.integer({ min: 3, max: 10 }),
  }),
);

const filters: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 4, arbitrary: simpleFilters },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: simpleFilters,
      right: simpleFilters,
    }),
  },
);

const harmlessChanges: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), value: values }),
  fc.constant<Change>({ kind: 'unset' }),
  fc.record({ kind: fc.constant('increment' as const), by: fc.integer({ min: -1, max: 2 }) }),
);

const changes: fc.Arbitrary<Change> = fc.oneof(
  harmlessChanges,
  fc.record({ kind: fc.constant('push' as const), value: scalars }),
  fc.record({ kind: fc.constant('setUnique' as const), u: uniques }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('begin' as const), session: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('commit' as const), session: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('abort' as const), session: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), session: sessions, item: items }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      session: sessions,
      id: ids,
      change: changes,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      session: sessions,
      id: ids,
      change: harmlessChanges,
      upsertU: uniques,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('updateMany' as const),
      session: sessions,
      filter: filters,
      change: harmlessChanges,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('replace' as const), session: sessions, item: items }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('findAndUpdate' as const),
      session: sessions,
      filter: filters,
      direction: directions,
      by: fc.constantFrom(1, 2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      session: sessions,
      filter: filters,
      many: fc.boolean(),
      id: ids,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('find' as const),
      session: sessions,
      filter: filters,
      direction: directions,
      skip: fc.integer({ min: 0, max: 2 }),
      limit: fc.integer({ min: 0, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('count' as const), session: sessions, filter: filters }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('distinct' as const), session: sessions, filter: filters }),
  },
);

export const programs: fc.Arbitrary<Command[]> = fc.array(command, { minLength: 10, maxLength: 60 });
