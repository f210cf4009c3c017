/** Views: names for a pipeline over a collection or over another view. They are read and never written. */
import { parsePipeline } from '../aggregation/pipeline.ts';
import type { StageSpecification } from '../aggregation/pipeline.ts';
import type { Collation } from '../collation/collation.ts';
import { sameCollation } from '../collation/collation.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import type { ServerState } from '../server-state.ts';
import { databaseOf } from './namespace.ts';
import { checkStages as checkPositions } from './pipeline-rules.ts';
import { defaultCollation } from './query-arguments.ts';

/** MongoDB's bounds for views over views. */
const depthMax = 20;
const pipelineBytesMax = 16 * 1024 * 1024;

export interface ResolvedView {
  /** Namespace of the collection underneath. */
  readonly namespace: string;
  /** All that has to be done to its documents. */
  readonly stages: readonly StageSpecification[];
  readonly collation: Collation | undefined;
}

export function isViewOptions(options: Document | undefined): boolean {
  return options?.['viewOn'] !== undefined;
}

/** undefined when the namespace is a collection, or nothing. @throws MongoError ViewDepthLimitExceeded. */
export function resolveView({ engine }: ServerState, namespace: string): ResolvedView | undefined {
  let options = engine.identity(namespace)?.options;
  if (options === undefined || !isViewOptions(options)) return undefined;
  const collation = defaultCollation(options);
  let stages: StageSpecification[] = [];
  let target = namespace;
  for (let depth = 0; isViewOptions(options); depth += 1) {
    if (depth >= depthMax) {
      throw new MongoError(
        'ViewDepthLimitExceeded',
        `View depth limit exceeded; maximum depth is ${depthMax}`,
      );
    }
    const pipeline = options?.['pipeline'];
    stages = [...parsePipeline(Array.isArray(pipeline) ? pipeline : []), ...stages];
    target = `${databaseOf(namespace)}.${String(options?.['viewOn'])}`;
    options = engine.identity(target)?.options;
  }
  return { namespace: target, stages, collation };
}

const refusedStages = new Set(['$changeStream', '$currentOp', '$merge', '$out']);

/** @throws MongoError for a pipeline that no view may have, GraphContainsCycle for a view over itself. */
export function checkView(
  server: ServerState,
  namespace: string,
  {
    viewOn,
    pipeline,
    collation,
  }: { viewOn: string; pipeline: readonly unknown[]; collation: Collation | undefined },
): void {
  if (viewOn === '') throw new MongoError('BadValue', "'viewOn' cannot be empty");
  const stages = parsePipeline(pipeline);
  checkStages(stages);
  checkPositions(stages);
  if (JSON.stringify(pipeline).length > pipelineBytesMax) {
    throw new MongoError('ViewPipelineMaxSizeExceeded', 'View pipeline exceeds maximum size');
  }
  let target = `${databaseOf(namespace)}.${viewOn}`;
  for (let depth = 1; ; depth += 1) {
    if (target === namespace) {
      throw new MongoError('GraphContainsCycle', `View cycle detected: ${namespace} => ${target}`);
    }
    if (depth >= depthMax) {
      throw new MongoError(
        'ViewDepthLimitExceeded',
        `View depth limit exceeded; maximum depth is ${depthMax}`,
      );
    }
    const options = server.engine.identity(target)?.options;
    if (options === undefined || !isViewOptions(options)) return;
    if (!sameCollation(defaultCollation(options), collation)) {
      throw new MongoError(
        'OptionNotSupportedOnView',
        `View ${namespace} has conflicting collation with view ${target}`,
      );
    }
    target = `${databaseOf(namespace)}.${String(options['viewOn'])}`;
  }
}

function checkStages(stages: readonly StageSpecification[]): void {
  for (const { name, operand } of stages) {
    if (name === '$lookup' || name === '$facet' || name === '$unionWith') continue;
    if (refusedStages.has(name)) {
      throw new MongoError(
        'OptionNotSupportedOnView',
        `The aggregation stage ${name} of the pipeline cannot be used in the view definition`,
      );
    }
    const nested = isDocument(operand) ? Object.values(operand).filter(isPipeline) : [];
    for (const pipeline of nested) checkStages(parsePipeline(pipeline));
  }
}

function isPipeline(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((stage) => isDocument(stage) && Object.keys(stage)[0]?.startsWith('$') === true)
  );
}

/** @throws MongoError OptionNotSupportedOnView when the operation compares strings otherwise than the view. */
export function checkViewCollation(
  view: ResolvedView,
  namespace: string,
  asked: Collation | undefined,
): void {
  if (sameCollation(view.collation, asked)) return;
  throw new MongoError(
    'OptionNotSupportedOnView',
    `Cannot override the default collation of view ${namespace}`,
  );
}

export const viewError = (namespace: string): MongoError =>
  new MongoError('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`);
