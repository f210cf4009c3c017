/** Which stages there are, and where in a pipeline each may stand. */
import type { StageSpecification } from '../aggregation/pipeline.ts';
import { parsePipeline } from '../aggregation/pipeline.ts';
import { outputStages, sourceStages } from '../aggregation/stage-registry.ts';
import { locationError } from '../errors.ts';
import type { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';

const firstOnly = new Set([...sourceStages, '$search', '$searchMeta']);
const notInFacet = new Set([...firstOnly, ...outputStages, '$facet']);

/** @throws MongoError 40600, 40601, 40602, 51047, 31441. */
export function checkStages(stages: readonly StageSpecification[]): void {
  stages.forEach(({ name, operand }, index) => {
    if (firstOnly.has(name) && index > 0) {
      throw name === '$geoNear'
        ? locationError(40603, '$geoNear was not the first stage in the pipeline')
        : locationError(40602, `${name} is only valid as the first stage in a pipeline.`);
    }
    if (outputStages.has(name) && index < stages.length - 1) {
      throw locationError(40601, `${name} can only be the final stage in the pipeline`);
    }
    checkNested(name, operand);
  });
}

function checkNested(name: string, operand: unknown): void {
  if (!isDocument(operand)) return;
  if (name === '$facet') {
    for (const facet of Object.values(operand)) {
      if (!Array.isArray(facet)) continue;
      for (const inner of parsePipeline(facet)) {
        if (!notInFacet.has(inner.name)) continue;
        throw locationError(40600, `${inner.name} is not allowed to be used within a $facet stage`);
      }
      checkStages(parsePipeline(facet));
    }
    return;
  }
  if ((name !== '$lookup' && name !== '$unionWith') || !Array.isArray(operand['pipeline'])) return;
  const pipeline = parsePipeline(operand['pipeline']);
  for (const inner of pipeline) {
    if (!outputStages.has(inner.name) && inner.name !== '$changeStream') continue;
    throw name === '$lookup'
      ? locationError(51047, `${inner.name} is not allowed within a $lookup's sub-pipeline`)
      : locationError(31441, `${inner.name} is not allowed within a $unionWith's sub-pipeline`);
  }
  checkStages(pipeline);
}

const atlasOnly = new Set(['$listSearchIndexes', '$search', '$searchMeta', '$vectorSearch']);

/** Search indexes belong to MongoDB's hosted service. @throws MongoError 31082 as the server outside of it. */
export function refuseSearch(stages: readonly StageSpecification[]): void {
  const search = stages.find(({ name }) => atlasOnly.has(name));
  if (search === undefined) return;
  throw searchError(search.name);
}

export function searchError(name: string): MongoError {
  return locationError(31082, `${name} is only allowed on MongoDB Atlas: this server has no search indexes`);
}
