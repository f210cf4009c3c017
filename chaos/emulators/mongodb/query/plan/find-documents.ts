/** Carries out a plan: the stored documents that match a filter, sorted, skipped and limited. */
import type { Document, StorageTransaction, StoredDocument } from '../../storage/contract.ts';
import type { ExpressionEnvironment } from '../../aggregation/expression.ts';
import { setMetadata } from '../../aggregation/document-metadata.ts';
import { MongoError } from '../../errors.ts';
import { locate, nearClause, serves } from '../../geo/near.ts';
import type { NearClause } from '../../geo/near.ts';
import { isText } from '../../storage/index-kind.ts';
import { textIndexOf } from '../../text/text-index.ts';
import { isDocument } from '../bson-value.ts';
import { compileFilter } from '../matcher.ts';
import type { MatchDetails, Predicate } from '../predicate.ts';
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
  /** First and last keys of the hinted index, the last excluded. */
  readonly min?: Document | undefined;
  readonly max?: Document | undefined;
}

/** Finds every document. */
export function emptyQuery(namespace: string): Query {
  return {
    namespace,
    filter: {},
    sort: undefined,
    hint: undefined,
    skip: 0,
    limit: 0,
    environment: {},
    needsDetails: false,
  };
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
  given: Query,
  examined: Examined = { documents: 0, keys: 0 },
): IterableIterator<Found> {
  const query = prepared(transaction, given);
  const matches = compileFilter(query.filter, query.environment);
  const near = nearClause(query.filter);
  if (near !== undefined) checkGeoIndex(transaction, query.namespace, near);
  const plan = planFor(transaction, query);
  const found = matching(transaction, query, plan, matches, examined);
  const nearest = near === undefined ? found : byDistance(found, near);
  const needsSort = query.sort !== undefined && !sortsItself(plan);
  const ordered = needsSort ? sorted(nearest, query.sort) : nearest;
  return query.skip === 0 && query.limit === 0 ? ordered : window(ordered, query.skip, query.limit);
}

/** Knows the collection's text index when the filter asks for one. */
function prepared(transaction: StorageTransaction, query: Query): Query {
  if (!asksForText(query.filter)) return query;
  const collection = transaction.collection(query.namespace);
  const spec = collection?.indexes.find(isText);
  if (spec === undefined && collection !== undefined) {
    throw new MongoError('IndexNotFound', 'text index required for $text query');
  }
  const textIndex = spec === undefined ? emptyTextIndex : textIndexOf(spec);
  return { ...query, environment: { ...query.environment, textIndex } };
}

/** Stands for the index of a collection that does not exist. */
const emptyTextIndex = textIndexOf({ name: 'none', key: {}, unique: false, sparse: false });

function asksForText(filter: Document): boolean {
  for (const name of Object.keys(filter)) {
    if (!name.startsWith('$')) continue;
    if (name === '$text') return true;
    const clauses = filter[name];
    if (
      Array.isArray(clauses) &&
      clauses.some((clause: unknown) => isDocument(clause) && asksForText(clause))
    )
      return true;
  }
  return false;
}

/** @throws MongoError NoQueryExecutionPlans. */
function checkGeoIndex(transaction: StorageTransaction, namespace: string, { path, near }: NearClause): void {
  const collection = transaction.collection(namespace);
  if (collection === undefined || collection.indexes.some((index) => serves(index, path, near))) return;
  throw new MongoError(
    'NoQueryExecutionPlans',
    `error processing query: ns=${namespace} planner returned error :: caused by :: unable to find index for $geoNear query`,
  );
}

function* byDistance(found: Iterable<Found>, { path, near }: NearClause): IterableIterator<Found> {
  const located: { item: Found; distance: number }[] = [];
  for (const item of found) {
    const document = item.stored.document();
    const nearest = locate(document, path, near);
    if (nearest === undefined) continue;
    setMetadata(document, { geoNearDistance: nearest.distance, geoNearPoint: nearest.location });
    located.push({ item, distance: nearest.distance });
  }
  located.sort((a, b) => a.distance - b.distance);
  for (const { item } of located) yield item;
}

/** Reads one entry of the `_id` index, not every `_id` that another collation compares as equal. */
export function isById(transaction: StorageTransaction, query: Query): boolean {
  return (
    query.hint === undefined &&
    soleId(query.filter) !== undefined &&
    planFor(transaction, query).kind === 'id'
  );
}

export function planFor(transaction: StorageTransaction, query: Query): Plan {
  const { environment, filter, hint, max, min, namespace, sort } = query;
  return planQuery({
    filter,
    hint,
    sort,
    min,
    max,
    collation: environment.collation,
    options: () => transaction.options(namespace),
    collection: () => transaction.collection(namespace),
  });
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
    case 'id':
      yield* transaction.findAll(namespace, plan.id);
      return;
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
