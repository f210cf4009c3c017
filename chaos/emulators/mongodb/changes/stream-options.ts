/** What a client asks of a change stream, with MongoDB's complaints. */
import { Timestamp } from 'bson';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import { Arguments } from '../commands/arguments.ts';
import { parseResumeToken } from './resume-token.ts';
import type { ResumePoint } from './resume-token.ts';

const imageModes = ['off', 'whenAvailable', 'required'] as const;
const documentModes = ['default', 'updateLookup', 'whenAvailable', 'required'] as const;

export type ImageMode = (typeof imageModes)[number] | (typeof documentModes)[number];

export type StreamStart =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly clusterTime: Timestamp }
  | { readonly kind: 'after'; readonly point: ResumePoint };

export interface StreamOptions {
  readonly fullDocument: (typeof documentModes)[number];
  readonly fullDocumentBeforeChange: (typeof imageModes)[number];
  readonly showExpandedEvents: boolean;
  readonly allChangesForCluster: boolean;
  readonly start: StreamStart;
}

const known = new Set([
  'allChangesForCluster',
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'showExpandedEvents',
  'showMigrationEvents',
  'showSystemEvents',
  'startAfter',
  'startAtOperationTime',
]);

/** @throws MongoError 2, 14, 260, 40415, 40674, 50674, 50808. */
export function parseStreamOptions(operand: unknown): StreamOptions {
  if (!isDocument(operand)) {
    throw locationError(
      50808,
      `$changeStream stage expects a document as argument, found ${typeNameOf(operand)}`,
    );
  }
  const given = new Arguments(operand, '$changeStream');
  given.refuseUnknown(known);
  return {
    fullDocument: choice(given, 'fullDocument', documentModes),
    fullDocumentBeforeChange: choice(given, 'fullDocumentBeforeChange', imageModes),
    showExpandedEvents: given.boolean('showExpandedEvents'),
    allChangesForCluster: given.boolean('allChangesForCluster'),
    start: startOf(given),
  };
}

function choice<T extends string>(given: Arguments, name: string, choices: readonly [T, ...T[]]): T {
  const value = given.string(name);
  if (value === undefined) return choices[0];
  const found = choices.find((item) => item === value);
  if (found !== undefined) return found;
  throw new MongoError(
    'BadValue',
    `Enumeration value '${value}' for field '$changeStream.${name}' is not a valid value.`,
  );
}

function startOf(given: Arguments): StreamStart {
  const [resumeAfter, startAfter] = [given.get('resumeAfter'), given.get('startAfter')];
  const time = given.get('startAtOperationTime');
  if (resumeAfter !== undefined && startAfter !== undefined) {
    throw locationError(50674, "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
  }
  const token = resumeAfter ?? startAfter;
  if (time !== undefined && !(time instanceof Timestamp)) {
    throw new MongoError(
      'TypeMismatch',
      `BSON field '$changeStream.startAtOperationTime' is the wrong type '${typeNameOf(time)}', expected type 'timestamp'`,
    );
  }
  if (token === undefined) return time === undefined ? { kind: 'now' } : { kind: 'time', clusterTime: time };
  const point = parseResumeToken(token, resumeAfter === undefined ? 'startAfter' : 'resumeAfter');
  if (time !== undefined) {
    throw locationError(40674, 'Only one type of resume option is allowed, but multiple were found.');
  }
  if (resumeAfter !== undefined && point.kind === 'invalidate') {
    throw new MongoError(
      'InvalidResumeToken',
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    );
  }
  return { kind: 'after', point };
}
