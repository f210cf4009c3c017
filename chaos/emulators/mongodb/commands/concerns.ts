/** Parses read and write concerns. */
import { Timestamp } from 'bson';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf, typeNameOf } from '../query/bson-value.ts';
import { Arguments } from './arguments.ts';

export interface WriteConcern {
  readonly w: number | string;
  readonly journal: boolean;
  readonly timeoutMs: number;
  /** Acknowledged only after the journal was fsynced. */
  readonly durable: boolean;
  /** w, j or wtimeout was given by the client. */
  readonly given: boolean;
}

const membersMax = 50;

/** MongoDB's implicit default since 5.0. */
export const defaultWriteConcern: WriteConcern = {
  w: 'majority',
  journal: false,
  timeoutMs: 0,
  durable: true,
  given: false,
};

/** @throws MongoError FailedToParse. */
export function parseWriteConcern(value: unknown): WriteConcern {
  if (value === undefined || value === null) return defaultWriteConcern;
  if (!isDocument(value)) {
    throw new MongoError(
      'TypeMismatch',
      `"writeConcern" had the wrong type. Expected object, found ${typeNameOf(value)}`,
    );
  }
  for (const name of Object.keys(value)) {
    if (
      !['w', 'j', 'wtimeout', 'fsync', 'provenance', 'getLastError', 'wElectionId', 'wOpTime'].includes(name)
    ) {
      throw locationError(40415, `BSON field 'writeConcern.${name}' is an unknown field.`);
    }
  }
  const given = new Arguments(value, 'writeConcern');
  const journal = given.boolean('j');
  if (journal && given.boolean('fsync')) {
    throw new MongoError('FailedToParse', 'fsync and j options cannot be used together');
  }
  const timeoutMs = timeoutOf(value['wtimeout']);
  const w = parseMembers(value['w']);
  return {
    w,
    journal,
    timeoutMs,
    durable: journal || w === 'majority',
    given: Object.keys(value).length > 0,
  };
}

function timeoutOf(value: unknown): number {
  const timeoutMs = numberOf(value) ?? 0;
  if (timeoutMs > 0x7fffffff) {
    throw new MongoError(
      'FailedToParse',
      `wtimeout must be less than or equal to ${0x7fffffff}, found ${timeoutMs}`,
    );
  }
  return Math.max(0, timeoutMs);
}

function parseMembers(value: unknown): number | string {
  if (value === undefined || value === null) return 'majority';
  if (typeof value === 'string') return value;
  const number = numberOf(value);
  if (number === undefined) {
    throw new MongoError(
      'FailedToParse',
      'w has to be a number, string, or object; found: ' + typeNameOf(value),
    );
  }
  if (number < 0 || number > membersMax) {
    throw new MongoError(
      'FailedToParse',
      `w has to be a non-negative number and not greater than ${membersMax}; found: ${number}`,
    );
  }
  return number;
}

export interface ReadConcern {
  readonly level: string | undefined;
  readonly afterClusterTime: Timestamp | undefined;
  readonly atClusterTime: Timestamp | undefined;
}

const levels = ['local', 'majority', 'linearizable', 'available', 'snapshot'];
const noReadConcern: ReadConcern = {
  level: undefined,
  afterClusterTime: undefined,
  atClusterTime: undefined,
};

/** @throws MongoError FailedToParse, InvalidOptions. */
export function parseReadConcern(value: unknown): ReadConcern {
  if (value === undefined || value === null) return noReadConcern;
  if (!isDocument(value)) {
    throw new MongoError(
      'TypeMismatch',
      `"readConcern" had the wrong type. Expected object, found ${typeNameOf(value)}`,
    );
  }
  const given = new Arguments(value, 'readConcern');
  given.refuseUnknown(
    new Set([
      'level',
      'afterClusterTime',
      'atClusterTime',
      'provenance',
      'afterOpTime',
      'allowTransactionTableSnapshot',
      'waitLastStableRecoveryTimestamp',
    ]),
  );
  const level = given.string('level');
  if (level !== undefined && !levels.includes(level)) {
    throw new MongoError(
      'BadValue',
      `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`,
    );
  }
  checkProvenance(given);
  const afterClusterTime = timestampOf(value['afterClusterTime'], 'afterClusterTime');
  const atClusterTime = timestampOf(value['atClusterTime'], 'atClusterTime');
  if (atClusterTime !== undefined && level !== 'snapshot') {
    throw new MongoError(
      'InvalidOptions',
      'readConcern level snapshot is required when specifying atClusterTime',
    );
  }
  if (atClusterTime !== undefined && afterClusterTime !== undefined) {
    throw new MongoError(
      'InvalidOptions',
      'Specifying both atClusterTime and afterClusterTime is not allowed',
    );
  }
  return { level, afterClusterTime, atClusterTime };
}

const provenances = [
  'clientSupplied',
  'implicitDefault',
  'customDefault',
  'getLastErrorDefaults',
  'internalWriteDefault',
];

function checkProvenance(given: Arguments): void {
  const provenance = given.string('provenance');
  if (provenance === undefined || provenances.includes(provenance)) return;
  throw new MongoError(
    'BadValue',
    `Enumeration value '${provenance}' for field '${given.owner}.provenance' is not a valid value.`,
  );
}

function timestampOf(value: unknown, name: string): Timestamp | undefined {
  if (value === undefined || value instanceof Timestamp) return value;
  throw new MongoError(
    'TypeMismatch',
    `"readConcern.${name}" had the wrong type. Expected timestamp, found ${typeNameOf(value)}`,
  );
}
