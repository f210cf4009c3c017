/** Carries out a plan: the stored documents that match a filter, sorted, skipped and limited. */
import type { Document, StorageTransaction, StoredDocument } from '../../storage/contract.ts';
import type { ExpressionEnvironment } from '../../aggregation/expression.ts';
import { compileFilter } from '../matcher.ts';
import type { MatchDetails, Predicate } from '../matcher.ts';
import { sortDocuments } from '../sort.ts';
import type { Sort } from '../sort.ts';
import { planQuery, soleId } from './planner.ts';
import type { Plan } from './planner.ts';

export interface Query {
  readonly namespace: string;
  readonly filter: Document;
  readonly sort: Sort | undefined;
  readonly hint: unknown;
  readonly skip: number;
  /** 0 is no limit. */
  readonly limit: number;
  readonly environment: ExpressionEnvironment;
  /** Also tell which array element matched. */
  readonly needsDetails: boolean;
}

export interface Found {
  readonly stored: StoredDocument;
  readonly arrayIndex: number | undefined;
}

/** What explain reports of a finished query. */
export interface Examined {
  documents: number;
  keys: number;
}

export function findDocuments(
  transaction: StorageTransaction,
  query: Query,
  examined: Examined = { documents: 0, keys: 0 },
): IterableIterator<Found> {
  const matches = compileFilter(query.filter, query.environment);
  const plan = planFor(transaction, query);
  const found = matching(transaction, query, plan, matches, examined);
  const needsSort = query.sort !== undefined && !sortsItself(plan);
  const ordered = needsSort ? sorted(found, query.sort) : found;
  return query.skip === 0 && query.limit === 0 ? ordered : window(ordered, query.skip, query.limit);
}

/** Finds one document at most. */
export function isById({ filter, hint }: Query): boolean {
  return hint === undefined && soleId(filter) !== undefined;
}

export function planFor(transaction: StorageTransaction, query: Query): Plan {
  const { filter, hint, namespace, sort } = query;
  return planQuery({ filter, hint, sort, collection: () => transaction.collection(namespace) });
}

export function sortsItself(plan: Plan): boolean {
  return plan.kind === 'id' || plan.kind === 'nothing' || plan.providesSort;
}

function* matching(
  transaction: StorageTransaction,
  query: Query,
  plan: Plan,
  matches: Predicate,
  examined: Examined,
): IterableIterator<Found> {
  const isWholeFilter = plan.kind === 'id' && Object.keys(query.filter).length === 1;
  const matchesAll = Object.keys(query.filter).length === 0;
  for (const stored of candidates(transaction, query.namespace, plan)) {
    examined.documents += 1;
    if (plan.kind === 'index') examined.keys += 1;
    if (isWholeFilter || matchesAll) {
      yield { stored, arrayIndex: undefined };
      continue;
    }
    const details: MatchDetails | undefined = query.needsDetails ? {} : undefined;
    if (matches(stored.document(), details)) yield { stored, arrayIndex: details?.arrayIndex };
  }
}

function* candidates(
  transaction: StorageTransaction,
  namespace: string,
  plan: Plan,
): IterableIterator<StoredDocument> {
  switch (plan.kind) {
    case 'nothing':
      return;
    case 'id': {
      const stored = transaction.find(namespace, plan.id);
      if (stored !== undefined) yield stored;
      return;
    }
    case 'collection':
      if (plan.reverse) yield* [...transaction.scan(namespace)].reverse();
      else yield* transaction.scan(namespace);
      return;
    case 'index':
      yield* transaction.scanIndex(namespace, plan.index.name, plan.ranges);
  }
}

function* sorted(found: Iterable<Found>, sort: Sort | undefined): IterableIterator<Found> {
  if (sort === undefined) yield* found;
  else yield* sortDocuments([...found], sort, ({ stored }) => stored.document());
}

function* window(found: Iterable<Found>, skip: number, limit: number): IterableIterator<Found> {
  let position = 0;
  for (const item of found) {
    position += 1;
    if (position <= skip) continue;
    yield item;
    if (limit > 0 && position >= skip + limit) return;
  }
}
