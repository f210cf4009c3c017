/** explain: how a command would find its documents, and what doing so examines. */
import { parsePipeline } from '../aggregation/pipeline.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { emptyQuery, findDocuments, planFor, sortsItself } from '../query/plan/find-documents.ts';
import type { Examined, Query } from '../query/plan/find-documents.ts';
import type { Plan } from '../query/plan/planner.ts';
import type { Document } from '../storage/contract.ts';
import { mongodbVersion } from './diagnostic-commands.ts';
import type { Command } from './command.ts';
import { parseFind } from './find.ts';
import { Operation } from './operation.ts';
import { aggregateNamespace, leadingQuery } from './pipeline-source.ts';
import { hintOf, queryEnvironment, sortOf } from './query-arguments.ts';
import { Arguments } from './arguments.ts';
import { resolveView } from './views.ts';

const verbosities = ['queryPlanner', 'executionStats', 'allPlansExecution'];

export const explain: Command = {
  name: 'explain',
  kind: 'read',
  inTransaction: false,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable', 'snapshot'],
  fields: ['verbosity'],
  run: (operation) => {
    const { arguments: given } = operation;
    const verbosity = given.string('verbosity') ?? 'allPlansExecution';
    if (!verbosities.includes(verbosity)) {
      throw new MongoError(
        'FailedToParse',
        `verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`,
      );
    }
    const body = given.requiredDocument('explain');
    if (body['writeConcern'] !== undefined) {
      throw new MongoError('InvalidOptions', 'Command does not support writeConcern');
    }
    return explainReply(operation, body, verbosity);
  },
};

/** Also the reply to `aggregate` with `explain: true`. */
export function explainReply(operation: Operation, body: Document, verbosity: string): Document {
  const query = queryOf(operation, body);
  const storage = operation.snapshot();
  const plan = planFor(storage, query);
  const { host, port, clock } = operation.server;
  return {
    explainVersion: '1',
    queryPlanner: {
      namespace: query.namespace,
      indexFilterSet: false,
      parsedQuery: query.filter,
      winningPlan: planStages(plan, query),
      rejectedPlans: [],
    },
    ...(verbosity === 'queryPlanner'
      ? {}
      : { executionStats: executionStats(operation, query, plan, () => clock.monotonicMs()) }),
    command: body,
    serverInfo: { host, port, version: mongodbVersion, gitVersion: 'embedded' },
    serverParameters: {},
  };
}

function executionStats(operation: Operation, query: Query, plan: Plan, monotonicMs: () => number): Document {
  const examined: Examined = { documents: 0, keys: 0 };
  const startedMs = monotonicMs();
  let returned = 0;
  for (const _ of findDocuments(operation.snapshot(), query, examined)) returned += 1;
  return {
    executionSuccess: true,
    nReturned: returned,
    executionTimeMillis: Math.round(monotonicMs() - startedMs),
    totalKeysExamined: examined.keys,
    totalDocsExamined: examined.documents,
    executionStages: { ...planStages(plan, query), nReturned: returned },
  };
}

function planStages(plan: Plan, query: Query): Document {
  const found = foundBy(plan, query);
  const sorted =
    query.sort === undefined || sortsItself(plan)
      ? found
      : {
          stage: 'SORT',
          sortPattern: Object.fromEntries(query.sort.fields.map(({ path, direction }) => [path, direction])),
          inputStage: found,
        };
  const skipped = query.skip === 0 ? sorted : { stage: 'SKIP', skipAmount: query.skip, inputStage: sorted };
  return query.limit === 0 ? skipped : { stage: 'LIMIT', limitAmount: query.limit, inputStage: skipped };
}

function foundBy(plan: Plan, query: Query): Document {
  switch (plan.kind) {
    case 'nothing':
      return { stage: 'EOF' };
    case 'id':
      return { stage: 'IDHACK' };
    case 'collection':
      return { stage: 'COLLSCAN', filter: query.filter, direction: plan.reverse ? 'backward' : 'forward' };
    case 'index':
      return {
        stage: 'FETCH',
        filter: query.filter,
        inputStage: {
          stage: 'IXSCAN',
          indexName: plan.index.name,
          keyPattern: { ...plan.index.key },
          isUnique: plan.index.unique,
          isSparse: plan.index.sparse,
          isPartial: plan.index.partialFilterExpression !== undefined,
          direction: plan.ranges[0]?.reverse === true ? 'backward' : 'forward',
          ranges: plan.ranges.length,
        },
      };
  }
}

function queryOf(operation: Operation, body: Document): Query {
  const name = Object.keys(body)[0] ?? '';
  const command = operation.server.commands.get(name);
  const inner =
    command === undefined
      ? undefined
      : new Operation({ ...operation, command, body: { ...body, $db: operation.database } });
  switch (command?.name) {
    case undefined:
      throw new MongoError('CommandNotFound', `Explain failed due to unknown command: ${name}`);
    case 'find':
      return parseFind(inner ?? operation).query;
    case 'aggregate': {
      const target = inner ?? operation;
      const stages = parsePipeline(target.arguments.array('pipeline') ?? []);
      const namespace = aggregateNamespace(target);
      const view = resolveView(target.server, namespace);
      const environment = queryEnvironment(target, target.arguments, namespace);
      return leadingQuery(
        target,
        view?.namespace ?? namespace,
        [...(view?.stages ?? []), ...stages],
        environment,
      ).query;
    }
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return plainQuery(inner ?? operation, body, 'query', command.name === 'findAndModify' ? 1 : 0);
    case 'update':
    case 'delete': {
      const [statement] =
        (inner ?? operation).arguments.documents(command.name === 'update' ? 'updates' : 'deletes') ?? [];
      if (!isDocument(statement))
        throw new MongoError('InvalidLength', 'explained write batches must be of size 1');
      return plainQuery(inner ?? operation, statement, 'q', 0);
    }
    default:
      throw new MongoError('IllegalOperation', `explain cannot explain command: ${command?.name}`);
  }
}

function plainQuery(operation: Operation, document: Document, field: string, limit: number): Query {
  const given = new Arguments(document, 'explain');
  const environment = queryEnvironment(operation, given, operation.namespace);
  return {
    ...emptyQuery(operation.namespace),
    filter: given.documentField(field) ?? {},
    sort: sortOf(given, environment.collation),
    hint: hintOf(given),
    limit,
    environment,
  };
}
