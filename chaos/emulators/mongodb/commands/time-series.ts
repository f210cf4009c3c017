/** Time series: plain collections whose documents have a time, and of which little may be changed afterwards. */
import { MongoError, locationError } from '../errors.ts';
import { fieldOf, isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import type { Operation } from './operation.ts';

const known = new Set([
  'bucketMaxSpanSeconds',
  'bucketRoundingSeconds',
  'granularity',
  'metaField',
  'timeField',
]);
const spanSeconds = { seconds: 3600, minutes: 86_400, hours: 2_592_000 } as const;

/** The option with its defaults. @throws MongoError 2, 72, 40414, 40415. */
export function parseTimeSeries(option: Document): Document {
  const given = new Arguments(option, 'create.timeseries');
  given.refuseUnknown(known);
  const timeField = given.requiredString('timeField');
  const metaField = given.string('metaField');
  const granularity = given.string('granularity');
  const maxSpan = given.number('bucketMaxSpanSeconds');
  const rounding = given.number('bucketRoundingSeconds');
  checkFields(timeField, metaField);
  if (granularity !== undefined && !Object.hasOwn(spanSeconds, granularity)) {
    throw new MongoError(
      'BadValue',
      `Enumeration value '${granularity}' for field 'create.timeseries.granularity' is not a valid value.`,
    );
  }
  if (maxSpan === undefined && rounding === undefined) {
    const chosen = granularity ?? 'seconds';
    const span = chosen === 'minutes' || chosen === 'hours' ? spanSeconds[chosen] : spanSeconds.seconds;
    return { timeField, ...meta(metaField), granularity: chosen, bucketMaxSpanSeconds: span };
  }
  if (granularity !== undefined || maxSpan === undefined || maxSpan !== rounding) {
    throw new MongoError(
      'InvalidOptions',
      "'bucketMaxSpanSeconds' and 'bucketRoundingSeconds' must both be set to the same value, without 'granularity'",
    );
  }
  if (maxSpan < 1 || maxSpan > 31_536_000) {
    throw locationError(
      51024,
      `BSON field 'bucketMaxSpanSeconds' value must be between 1 and 31536000, actual value '${maxSpan}'`,
    );
  }
  return { timeField, ...meta(metaField), bucketMaxSpanSeconds: maxSpan, bucketRoundingSeconds: rounding };
}

function meta(metaField: string | undefined): Document {
  return metaField === undefined ? {} : { metaField };
}

function checkFields(timeField: string, metaField: string | undefined): void {
  for (const [name, field] of [
    ['timeField', timeField],
    ['metaField', metaField],
  ] as const) {
    if (field === undefined) continue;
    if (field === '' || field.includes('.') || field.startsWith('$') || field.includes('\0')) {
      throw new MongoError(
        'InvalidOptions',
        `'${name}' must be the name of a top-level field, found '${field}'`,
      );
    }
    if (field === '_id') throw new MongoError('InvalidOptions', `The '${name}' option cannot be '_id'`);
  }
  if (timeField === metaField) {
    throw new MongoError(
      'InvalidOptions',
      "The 'metaField' option must not be the same as the 'timeField' option",
    );
  }
}

/** @throws MongoError BadValue unless the document has a time. */
export function checkMeasurement(document: Document, { timeField }: Document): void {
  const name = String(timeField);
  if (fieldOf(document, name) instanceof Date) return;
  throw new MongoError('BadValue', `'${name}' must be present and contain a valid BSON UTC datetime value`);
}

export function timeSeriesOf(operation: Operation, namespace: string): Document | undefined {
  const option = operation.server.engine.identity(namespace)?.options['timeseries'];
  return isDocument(option) ? option : undefined;
}

/** Measurements stay as they are; only their meta field may change, in all at once. @throws MongoError. */
export function checkSeriesUpdate(
  timeseries: Document,
  statement: { readonly q: Document; readonly u: unknown; readonly multi: boolean; readonly upsert: boolean },
): void {
  const { metaField } = timeseries;
  const refuse = (reason: string): never => {
    throw new MongoError('InvalidOptions', reason);
  };
  if (!statement.multi) refuse('Cannot perform a non-multi update on a time-series collection');
  if (statement.upsert) refuse('Cannot perform an upsert on a time-series collection');
  if (typeof metaField !== 'string') {
    return refuse('Cannot perform an update on a time-series collection which does not have a metaField');
  }
  const isMeta = (path: string): boolean => path === metaField || path.startsWith(`${metaField}.`);
  if (!pathsOf(statement.q).every(isMeta)) {
    refuse(
      `Cannot perform an update on a time-series collection when querying on a field that is not the metaField '${metaField}'`,
    );
  }
  const { u } = statement;
  if (!isDocument(u) || !Object.keys(u).every((name) => name.startsWith('$'))) {
    return refuse(
      'Cannot perform an update on a time-series collection using a replacement document or a pipeline',
    );
  }
  for (const operands of Object.values(u)) {
    if (isDocument(operands) && !Object.keys(operands).every(isMeta)) {
      refuse(
        `Cannot perform an update on a time-series collection which updates a field that is not the metaField '${metaField}'`,
      );
    }
  }
}

function pathsOf(filter: Document): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (!name.startsWith('$')) return [name];
    if (!Array.isArray(value)) return name === '$comment' ? [] : [name];
    return value.flatMap((clause: unknown) => (isDocument(clause) ? pathsOf(clause) : []));
  });
}
