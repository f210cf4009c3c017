/** All stages of pipelines, by name; what is not here is refused. Sources and outputs belong to the aggregate command. */
import { compileBucket } from './bucket.ts';
import { compileBucketAuto } from './bucket-auto.ts';
import { compileDensify } from './densify.ts';
import { compileFill } from './fill.ts';
import { compileGraphLookup } from './graph-lookup.ts';
import { compileGroup } from './group.ts';
import { compileLookup } from './lookup.ts';
import { compileFacet, compileUnion } from './nested-stages.ts';
import {
  compileCount,
  compileLimit,
  compileMatch,
  compileSample,
  compileSkip,
  compileSortByCount,
  compileSortStage,
} from './plain-stages.ts';
import { compileRedact } from './redact.ts';
import { compileSetWindowFields } from './set-window-fields.ts';
import type { StageCompiler } from './stage.ts';
import { compileUnwind } from './unwind.ts';

export const stages: Readonly<Record<string, StageCompiler>> = {
  $bucket: compileBucket,
  $bucketAuto: compileBucketAuto,
  $count: compileCount,
  $densify: compileDensify,
  $facet: compileFacet,
  $fill: compileFill,
  $graphLookup: compileGraphLookup,
  $group: compileGroup,
  $limit: compileLimit,
  $lookup: compileLookup,
  $match: compileMatch,
  $redact: compileRedact,
  $sample: compileSample,
  $setWindowFields: compileSetWindowFields,
  $skip: compileSkip,
  $sort: compileSortStage,
  $sortByCount: compileSortByCount,
  $unionWith: compileUnion,
  $unwind: compileUnwind,
};

/** They exist, and may not stand here or are not supported. */
export const refusedStages: ReadonlySet<string> = new Set([
  '$changeStreamSplitLargeEvent',
  '$listClusterCatalog',
  '$listSampledQueries',
  '$listSearchIndexes',
  '$planCacheStats',
  '$querySettings',
  '$queryStats',
  '$rankFusion',
  '$scoreFusion',
  '$search',
  '$searchMeta',
  '$shardedDataDistribution',
  '$vectorSearch',
]);

/** Stages that must come first in a pipeline over a collection. */
export const sourceStages: ReadonlySet<string> = new Set([
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$documents',
  '$geoNear',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
]);

/** Stages that write, and come last. */
export const outputStages: ReadonlySet<string> = new Set(['$merge', '$out']);
