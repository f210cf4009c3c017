/** Compiles aggregation pipelines to functions from documents to documents, pulled one by one where stages allow it. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { carryMetadata } from './document-metadata.ts';
import { compileDocumentStage } from './document-stages.ts';
import type { Documents, PipelineCompiler, PipelineContext, Stage, StageSpecification } from './stage.ts';
import { outputStages, refusedStages, sourceStages, stages as stageCompilers } from './stage-registry.ts';

export type { Documents, PipelineContext, Stage, StageSpecification };

/** MongoDB's limit. */
const stagesMax = 1000;

/** @throws MongoError 40323 unless each stage is a document of one field. */
export function parsePipeline(pipeline: readonly unknown[]): StageSpecification[] {
  if (pipeline.length > stagesMax) {
    throw locationError(7749501, `Pipeline length must be no longer than ${stagesMax} stages`);
  }
  return pipeline.map((stage) => {
    if (!isDocument(stage)) {
      throw new MongoError('TypeMismatch', `Each element of the 'pipeline' array must be an object`);
    }
    const [name, ...others] = Object.keys(stage);
    if (name === undefined || others.length > 0) {
      throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    return { name, operand: stage[name] };
  });
}

/** MongoDB's limit to pipelines within pipelines. */
const depthMax = 20;

export function compilePipeline(stages: readonly StageSpecification[], context: PipelineContext): Stage {
  return compileAt({ depth: 0, isInFacet: false }, stages, context);
}

interface Place {
  readonly depth: number;
  readonly isInFacet: boolean;
}

function compileAt(place: Place, stages: readonly StageSpecification[], context: PipelineContext): Stage {
  const compileNested: PipelineCompiler = (pipeline, nestedContext, within) => {
    const inner = { depth: place.depth + 1, isInFacet: place.isInFacet || within === '$facet' };
    if (inner.depth > depthMax) {
      throw locationError(232, `Maximum number of nested sub-pipelines exceeded. Limit is ${depthMax}`);
    }
    const nested = parsePipeline(pipeline);
    for (const stage of nested) refuseWithin(stage.name, within, inner.isInFacet);
    return compileAt(inner, nested, nestedContext);
  };
  const compiled = stages.map((stage) => compileStage(stage, context, compileNested));
  return (documents) => compiled.reduce((current, stage) => stage(current), documents);
}

/** @throws MongoError for a stage that may not be in another's pipeline. */
function refuseWithin(name: string, within: string, isInFacet: boolean): void {
  if (isInFacet) {
    const isSpecial = sourceStages.has(name) || refusedStages.has(name) || outputStages.has(name);
    if (isSpecial || name === '$facet') {
      throw locationError(40600, `${name} is not allowed to be used within a $facet stage`);
    }
  } else if (outputStages.has(name)) {
    throw locationError(
      within === '$unionWith' ? 31441 : 51047,
      `${name} is not allowed within a ${within}'s sub-pipeline`,
    );
  } else if (name === '$changeStream') {
    throw locationError(
      within === '$unionWith' ? 31441 : 51047,
      `${name} is not allowed within a ${within}'s sub-pipeline`,
    );
  }
}

function compileStage(
  { name, operand }: StageSpecification,
  context: PipelineContext,
  compileNested: PipelineCompiler,
): Stage {
  const perDocument = compileDocumentStage(name, operand, context.environment);
  if (perDocument !== undefined) {
    return function* (documents) {
      for (const document of documents) yield carryMetadata(document, perDocument(document));
    };
  }
  const compile = Object.hasOwn(stageCompilers, name) ? stageCompilers[name] : undefined;
  if (compile !== undefined) return compile(operand, context, compileNested);
  if (refusedStages.has(name)) {
    throw new MongoError('CommandNotSupported', `${name} is not supported by the embedded MongoDB`);
  }
  if (sourceStages.has(name))
    throw locationError(40602, `${name} is only valid as the first stage in a pipeline`);
  if (outputStages.has(name))
    throw locationError(40601, `${name} can only be the final stage in the pipeline`);
  throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
