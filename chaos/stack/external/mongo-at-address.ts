/** An external MongoDB: finds its primary or a router, and empties only databases that the harness created. */
import { type Db, MongoClient } from 'mongodb';
import { openMongo } from '../mongo-launch.ts';
import { judgeDatabases, ownDatabasePrefix, ownerCollection } from './foreign-data.ts';
import { directUri, type MongoAddress } from './mongo-address.ts';

/** Of the client itself, which knows the reason. */
const deadlineMs = 2_500;
/** Finding out about several servers, names in DNS among them. */
const discoveryDeadlineMs = 4_000;
const durable = { writeConcern: { w: 'majority' as const, journal: true } };

export interface FoundMongo {
  /** The primary, or a router of a sharded cluster. */
  readonly place: string;
  /** The address, with what its own DNS entries or its servers add to it. */
  readonly address: MongoAddress;
  readonly program: 'mongod' | 'mongos';
  readonly version: string;
}

/** Transactions need a replica set or a sharded cluster, and writes a primary. */
export async function findMongo(address: MongoAddress): Promise<FoundMongo> {
  const found = address.isSeveral ? await askWhich(address) : { place: address.place, address };
  await using client = await openMongo(directUri(found.address, found.place), deadlineMs);
  const admin = client.db('admin');
  const { setName, isWritablePrimary, msg } = await admin.command({ hello: 1 });
  const isRouter = msg === 'isdbgrid';
  if (!isRouter && typeof setName !== 'string')
    throw new Error('it is not a replica set, which transactions need');
  if (!isRouter && isWritablePrimary !== true) throw new Error(`it is not the primary of ${setName}`);
  const { version } = await admin.command({ buildInfo: 1 });
  return { ...found, program: isRouter ? 'mongos' : 'mongod', version: String(version) };
}

/** The server that takes writes now, as the driver finds it. */
async function askWhich(given: MongoAddress): Promise<Pick<FoundMongo, 'place' | 'address'>> {
  const client = new MongoClient(given.text, {
    serverSelectionTimeoutMS: discoveryDeadlineMs,
    connectTimeoutMS: discoveryDeadlineMs,
    maxPoolSize: 1,
    monitorCommands: true,
    appName: 'redcliff-stack',
  });
  try {
    let place = '';
    client.on('commandSucceeded', (event) => (place = event.address));
    await client.connect();
    await client.db('admin').command({ ping: 1 }, { readPreference: 'primary' });
    const options = new URLSearchParams(given.options);
    // An address of the kind mongodb+srv turns TLS on, and may say in DNS where users are looked up.
    if (client.options.tls && !options.has('ssl')) options.set('tls', 'true');
    const source = client.options.credentials?.source;
    if (source !== undefined && !options.has('authSource')) options.set('authSource', source);
    return { place, address: { ...given, options } };
  } finally {
    await client.close();
  }
}

/** Throws `ForeignData` when a database has a name of the harness and was not created by it; changes nothing. */
export async function checkDatabases(uri: string): Promise<void> {
  await using client = await openMongo(uri, deadlineMs);
  const { databases } = await client
    .db('admin')
    .admin()
    .listDatabases({ nameOnly: true, authorizedDatabases: true });
  const unmarked: string[] = [];
  for (const { name } of databases) {
    if (name.startsWith(ownDatabasePrefix) && (await isForeign(client.db(name)))) unmarked.push(name);
  }
  judgeDatabases(unmarked);
}

/** Empties a database of the harness's own, or begins one where there is none. Throws `ForeignData` otherwise. */
export async function emptyDatabase(uri: string, name: string): Promise<void> {
  await using client = await openMongo(uri, deadlineMs);
  const database = client.db(name);
  if (await isForeign(database)) judgeDatabases([name]);
  // The mark comes first and stays, so that a run which is cut short leaves nothing unmarked.
  const mark = { note: 'made by a harness of Redcliff, which empties this database' };
  await database
    .collection<{ _id: string; note: string }>(ownerCollection)
    .replaceOne({ _id: 'redcliff' }, mark, { upsert: true, ...durable });
  for (const collection of await collectionsOf(database)) {
    if (collection !== ownerCollection) await database.dropCollection(collection, durable);
  }
}

async function isForeign(database: Db): Promise<boolean> {
  const collections = await collectionsOf(database);
  return collections.length > 0 && !collections.includes(ownerCollection);
}

async function collectionsOf(database: Db): Promise<string[]> {
  const collections = await database.listCollections({}, { nameOnly: true }).toArray();
  return collections.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
}

/** Rejects with the reason when it does not answer. */
export async function pingMongo(uri: string): Promise<void> {
  await using client = await openMongo(uri, deadlineMs);
  await client.db('admin').command({ ping: 1 });
}
