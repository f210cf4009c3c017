/** The users, kept as documents of `admin.system.users` as MongoDB keeps them. */
import { UUID } from 'bson';
import { z } from 'zod';
import { encodeDocument } from '../bson/encode.ts';
import { MongoError, locationError } from '../errors.ts';
import type { Document, StorageEngine } from '../storage/contract.ts';
import type { Random } from '../../../random.ts';
import type { Credentials, Mechanism } from './credentials.ts';
import type { Role } from './roles.ts';

const namespace = 'admin.system.users';

export interface User {
  readonly user: string;
  /** The database in which the user was created and logs in. */
  readonly db: string;
  readonly userId: Uint8Array;
  readonly roles: readonly Role[];
  readonly credentials: Partial<Record<Mechanism, Credentials>>;
  readonly customData: Document | undefined;
}

const credentials = z.object({
  iterationCount: z.number(),
  salt: z.string(),
  storedKey: z.string(),
  serverKey: z.string(),
});
const stored = z.object({
  user: z.string(),
  db: z.string(),
  userId: z.custom<UUID>((value) => value instanceof Object && 'buffer' in value),
  roles: z.array(z.object({ role: z.string(), db: z.string() })),
  credentials: z.object({ 'SCRAM-SHA-1': credentials.optional(), 'SCRAM-SHA-256': credentials.optional() }),
  customData: z.custom<Document>((value) => typeof value === 'object' && value !== null).optional(),
});

export class UserStore {
  readonly #engine: StorageEngine;
  readonly #random: Random;
  /** By database and name; read when first asked for. */
  #users: Map<string, User> | undefined;

  constructor(engine: StorageEngine, random: Random) {
    this.#engine = engine;
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#known().size === 0;
  }

  find(db: string, user: string): User | undefined {
    return this.#known().get(keyOf(db, user));
  }

  all(): User[] {
    return [...this.#known().values()];
  }

  /** @throws MongoError 51003 when there is one of this name. */
  add(user: Omit<User, 'userId'>): Promise<void> {
    if (this.find(user.db, user.user) !== undefined) {
      throw locationError(51003, `User "${user.user}@${user.db}" already exists`);
    }
    const userId = Buffer.from(this.#random.uuid().replaceAll('-', ''), 'hex');
    return this.#put({ ...user, userId });
  }

  /** @throws MongoError UserNotFound. */
  change(db: string, name: string, change: (user: User) => Partial<User>): Promise<void> {
    const known = this.find(db, name);
    if (known === undefined)
      throw new MongoError('UserNotFound', `Could not find user "${name}" for db "${db}"`);
    return this.#put({ ...known, ...change(known) });
  }

  /** @throws MongoError UserNotFound. */
  remove(db: string, name: string): Promise<void> {
    const storage = this.#engine.begin();
    try {
      const found = storage.find(namespace, `${db}.${name}`);
      if (found === undefined) throw new MongoError('UserNotFound', `User '${name}@${db}' not found`);
      storage.remove(namespace, found);
      const { durable } = storage.commit();
      this.#known().delete(keyOf(db, name));
      return durable;
    } finally {
      storage.abort();
    }
  }

  #put(user: User): Promise<void> {
    const bytes = encodeDocument(documentOf(user));
    const storage = this.#engine.begin();
    try {
      if (storage.collection(namespace) === undefined) storage.createCollection(namespace, {});
      const found = storage.find(namespace, `${user.db}.${user.user}`);
      if (found === undefined) storage.insert(namespace, bytes);
      else storage.update(namespace, found, bytes);
      const { durable } = storage.commit();
      this.#known().set(keyOf(user.db, user.user), user);
      return durable;
    } finally {
      storage.abort();
    }
  }

  #known(): Map<string, User> {
    if (this.#users !== undefined) return this.#users;
    this.#users = new Map();
    const storage = this.#engine.begin();
    try {
      for (const found of storage.scan(namespace)) {
        const user = userOf(found.document());
        this.#users.set(keyOf(user.db, user.user), user);
      }
    } finally {
      storage.abort();
    }
    return this.#users;
  }
}

function keyOf(db: string, user: string): string {
  return `${db}.${user}`;
}

function documentOf({ customData, db, roles, user, userId, ...rest }: User): Document {
  return {
    _id: keyOf(db, user),
    userId: new UUID(userId),
    user,
    db,
    credentials: rest.credentials,
    ...(customData === undefined ? {} : { customData }),
    roles: roles.map((role) => ({ ...role })),
  };
}

function userOf(document: Document): User {
  const parsed = stored.parse(document);
  const found = parsed.credentials;
  return {
    user: parsed.user,
    db: parsed.db,
    userId: parsed.userId.buffer.subarray(0, 16),
    roles: parsed.roles,
    credentials: {
      ...(found['SCRAM-SHA-1'] === undefined ? {} : { 'SCRAM-SHA-1': found['SCRAM-SHA-1'] }),
      ...(found['SCRAM-SHA-256'] === undefined ? {} : { 'SCRAM-SHA-256': found['SCRAM-SHA-256'] }),
    },
    customData: parsed.customData,
  };
}
