/** What a server keeps of a password for SCRAM (RFC 5802): enough to recognise its owner, not enough to be it. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Random } from '../../../random.ts';
import { MongoError } from '../errors.ts';

export const mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const;

export type Mechanism = (typeof mechanisms)[number];

export interface Credentials {
  readonly iterationCount: number;
  /** These three in base 64. */
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
}

interface Algorithm {
  readonly hash: 'sha1' | 'sha256';
  readonly bytes: number;
  readonly saltBytes: number;
  /** MongoDB's defaults. */
  readonly iterationCount: number;
}

export const algorithms: Readonly<Record<Mechanism, Algorithm>> = {
  'SCRAM-SHA-1': { hash: 'sha1', bytes: 20, saltBytes: 16, iterationCount: 10_000 },
  'SCRAM-SHA-256': { hash: 'sha256', bytes: 32, saltBytes: 28, iterationCount: 15_000 },
};

/** @throws MongoError BadValue for a password that cannot be one. */
export function makeCredentials(
  mechanism: Mechanism,
  user: string,
  password: string,
  random: Random,
): Credentials {
  const { bytes, hash, iterationCount, saltBytes } = algorithms[mechanism];
  const salt = Buffer.from(Array.from({ length: saltBytes }, () => random.integer(0, 255)));
  const secret = mechanism === 'SCRAM-SHA-1' ? digestOf(user, password) : prepared(password);
  const salted = pbkdf2Sync(secret, salt, iterationCount, bytes, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  return {
    iterationCount,
    salt: salt.toString('base64'),
    storedKey: createHash(hash).update(clientKey).digest('base64'),
    serverKey: createHmac(hash, salted).update('Server Key').digest('base64'),
  };
}

/** The older mechanism starts from MongoDB's own digest of name and password. */
function digestOf(user: string, password: string): string {
  return createHash('md5').update(`${user}:mongo:${password}`).digest('hex');
}

/** SASLprep (RFC 4013) by the classes of today's Unicode, of which that of the RFC is a part. */
function prepared(password: string): string {
  const visible = password.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  const normal = visible.replaceAll(/\p{Space_Separator}/gu, ' ').normalize('NFKC');
  if (!/\p{Control}/u.test(normal)) return normal;
  throw new MongoError('BadValue', 'Error preflighting normalization: password contains a control character');
}
