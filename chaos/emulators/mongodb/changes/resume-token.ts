/** Tokens by which a client goes on with a change stream: the cluster time and the place in the change log. */
import { Timestamp } from 'bson';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';

const pattern = /^82([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{14})$/;

export interface ResumePoint {
  readonly clusterTime: Timestamp;
  /** The change after which to go on. */
  readonly sequence: number;
}

export function resumeToken({ clusterTime, sequence }: ResumePoint): Document {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  return {
    _data: `82${hex(clusterTime.getHighBitsUnsigned(), 8)}${hex(clusterTime.getLowBitsUnsigned(), 8)}${hex(sequence, 14)}`,
  };
}

/** @throws MongoError InvalidResumeToken. */
export function parseResumeToken(token: unknown): ResumePoint {
  const data = isDocument(token) ? token['_data'] : undefined;
  const match = typeof data === 'string' ? pattern.exec(data) : null;
  if (match === null) {
    throw new MongoError('InvalidResumeToken', `Bad resume token: _data of missing or of wrong type`);
  }
  const [, seconds = '0', counter = '0', sequence = '0'] = match;
  return {
    clusterTime: new Timestamp({ t: Number.parseInt(seconds, 16), i: Number.parseInt(counter, 16) }),
    sequence: Number.parseInt(sequence, 16),
  };
}
