/**
 * Tokens by which a client goes on with a change stream: a position in the order of changes and what it is the position
 * of. Like MongoDB's they are hexadecimal text that sorts as the changes do, and nothing else may be read from them.
 */
import { Timestamp } from 'bson';
import { MongoError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import type { ChangePosition } from './change.ts';

const kinds = { time: '00', event: '64', invalidate: '6E' } as const;

export type TokenKind = keyof typeof kinds;

export interface ResumePoint extends ChangePosition {
  /** `time` is a moment between changes, as an empty batch has it. */
  readonly kind: TokenKind;
}

const pattern = /^82([0-9A-F]{8})([0-9A-F]{8})2B([0-9A-F]{8})(00|64|6E)04$/;

export function resumeToken({ clusterTime, index, kind }: ResumePoint): Document {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
  const seconds = hex(clusterTime.getHighBitsUnsigned());
  const counter = hex(clusterTime.getLowBitsUnsigned());
  return { _data: `82${seconds}${counter}2B${hex(index)}${kinds[kind]}04` };
}

/** @throws MongoError TypeMismatch, InvalidResumeToken. */
export function parseResumeToken(token: unknown, field: string): ResumePoint {
  if (!isDocument(token)) {
    throw new MongoError(
      'TypeMismatch',
      `BSON field '$changeStream.${field}' is the wrong type '${typeNameOf(token)}', expected type 'object'`,
    );
  }
  const data = token['_data'];
  if (typeof data !== 'string') {
    throw new MongoError('InvalidResumeToken', `Bad resume token: _data of missing or of wrong type`);
  }
  const [, seconds = '0', counter = '0', index = '0', kindCode] = pattern.exec(data) ?? [];
  const kind = tokenKinds.find((name) => kinds[name] === kindCode);
  if (kind === undefined) {
    throw new MongoError('InvalidResumeToken', `Invalid resume token: "${data}" is none of this server`);
  }
  return {
    clusterTime: new Timestamp({ t: Number.parseInt(seconds, 16), i: Number.parseInt(counter, 16) }),
    index: Number.parseInt(index, 16),
    kind,
  };
}

const tokenKinds = ['time', 'event', 'invalidate'] as const;
