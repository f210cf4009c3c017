/** Users log in, do what their roles allow and no more; over TLS where the server asks for it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { MongoClientOptions } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { commands } from '../commands/registry.ts';
import { startMongoServer } from '../server.ts';
import type { MongoServer, MongoServerOptions } from '../server.ts';
import { commandsOpenToAll, demandedActions } from '../auth/authorization.ts';

const base = { host: '127.0.0.1', port: 0, folder: undefined, clock: systemClock };

function start(options: Partial<MongoServerOptions>): Promise<MongoServer> {
  return startMongoServer({ ...base, random: seededRandom('users'), ...options });
}

async function connected(server: MongoServer, options: MongoClientOptions = {}): Promise<MongoClient> {
  const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 5000, ...options });
  try {
    return await client.connect();
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
}

describe('users of the embedded MongoDB', () => {
  let server: MongoServer;
  let root: MongoClient;
  const clients: MongoClient[] = [];

  beforeAll(async () => {
    server = await start({ requiresAuthentication: true });
    const first = await connected(server);
    clients.push(first);
    await first.db('admin').command({ createUser: 'root', pwd: 'secret', roles: ['root'] });
    root = await connected(server, { auth: { username: 'root', password: 'secret' } });
    clients.push(root);
  });

  afterAll(async () => {
    for (const client of clients) await client.close();
    await server[Symbol.asyncDispose]();
  });

  async function as(
    username: string,
    password: string,
    options: MongoClientOptions = {},
  ): Promise<MongoClient> {
    const client = await connected(server, { auth: { username, password }, authSource: 'shop', ...options });
    clients.push(client);
    return client;
  }

  it.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const)('log in by %s', async (authMechanism) => {
    await root.db('shop').command({ createUser: authMechanism, pwd: 'pässwörd, =1', roles: ['readWrite'] });
    const client = await as(authMechanism, 'pässwörd, =1', { authMechanism });
    await client.db('shop').collection('orders').insertOne({ by: authMechanism });
    expect((await client.db('shop').command({ connectionStatus: 1 }))['authInfo']).toMatchObject({
      authenticatedUsers: [{ user: authMechanism, db: 'shop' }],
      authenticatedUserRoles: [{ role: 'readWrite', db: 'shop' }],
    });
    await expect(as(authMechanism, 'wrong', { authMechanism })).rejects.toMatchObject({ code: 18 });
    await expect(as('nobody', 'x', { authMechanism })).rejects.toMatchObject({ code: 18 });
  });

  it('are asked to log in before anything else', async () => {
    const stranger = await connected(server);
    clients.push(stranger);
    expect(await stranger.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await expect(stranger.db('shop').collection('orders').findOne()).rejects.toMatchObject({ code: 13 });
    await expect(stranger.db('shop').collection('orders').insertOne({})).rejects.toMatchObject({ code: 13 });
    await expect(
      stranger.db('admin').command({ createUser: 'second', pwd: 'x', roles: ['root'] }),
    ).rejects.toMatchObject({ code: 13 });
  });

  it('may do what their roles allow, at once when those change', async () => {
    await root.db('shop').command({ createUser: 'reader', pwd: 'r', roles: ['read'] });
    const reader = await as('reader', 'r');
    const orders = reader.db('shop').collection('orders');
    await orders.find().toArray();
    await expect(orders.insertOne({})).rejects.toMatchObject({ code: 13 });
    await expect(orders.aggregate([{ $out: 'copy' }]).toArray()).rejects.toMatchObject({ code: 13 });
    await expect(reader.db('other').collection('c').findOne()).rejects.toMatchObject({ code: 13 });
    await expect(reader.db('admin').command({ serverStatus: 1 })).rejects.toMatchObject({ code: 13 });
    expect((await reader.db('shop').admin().listDatabases()).databases.map(({ name }) => name)).toEqual([
      'shop',
    ]);
    await root.db('shop').command({ grantRolesToUser: 'reader', roles: ['readWrite'] });
    await orders.insertOne({});
    await root.db('shop').command({ revokeRolesFromUser: 'reader', roles: ['readWrite'] });
    await expect(orders.insertOne({})).rejects.toMatchObject({ code: 13 });
    await root.db('shop').command({ dropUser: 'reader' });
    await expect(orders.findOne()).rejects.toMatchObject({ code: 13 });
  });

  it('run transactions with a role in their database alone', async () => {
    await root.db('shop').command({ createUser: 'trader', pwd: 't', roles: ['readWrite'] });
    const trader = await as('trader', 't');
    await trader.withSession((session) =>
      session.withTransaction(() => trader.db('shop').collection('orders').insertOne({ a: 1 }, { session })),
    );
    expect(await trader.db('shop').collection('orders').countDocuments({ a: 1 })).toBe(1);
  });

  it('are listed and changed', async () => {
    const shop = root.db('shop');
    await shop.command({ createUser: 'listed', pwd: 'l', roles: [], customData: { a: 1 } });
    await shop.command({ updateUser: 'listed', pwd: 'new', roles: ['read'], mechanisms: ['SCRAM-SHA-256'] });
    const { users } = await shop.command({ usersInfo: 'listed' });
    expect(users).toMatchObject([
      {
        _id: 'shop.listed',
        customData: { a: 1 },
        roles: [{ role: 'read', db: 'shop' }],
        mechanisms: ['SCRAM-SHA-256'],
      },
    ]);
    await as('listed', 'new');
    await expect(as('listed', 'l')).rejects.toMatchObject({ code: 18 });
  });

  it.each([
    [{ createUser: 'root', pwd: 'x', roles: [] }, 51003],
    [{ createUser: 'a', roles: [] }, 2],
    [{ createUser: 'a', pwd: '', roles: [] }, 2],
    [{ createUser: 'a', pwd: 'x' }, 40414],
    [{ createUser: 'a', pwd: 'x', roles: ['emperor'] }, 31],
    [{ createUser: 'a', pwd: 'x', roles: [], mechanisms: ['PLAIN'] }, 2],
    [{ updateUser: 'nobody', pwd: 'x' }, 11],
    [{ dropUser: 'nobody' }, 11],
    [{ saslStart: 1, mechanism: 'PLAIN', payload: '' }, 334],
    [{ saslContinue: 1, conversationId: 1, payload: '' }, 17],
  ])('%j is refused with %i', async (command, code) => {
    await expect(root.db('admin').command(command)).rejects.toMatchObject({ code });
  });

  it('have every command named that reads or writes', () => {
    const unnamed = commands
      .filter(({ kind }) => kind !== 'administration')
      .map(({ name }) => name)
      .filter((name) => demandedActions(name) === undefined && !commandsOpenToAll.has(name));
    expect(unnamed).toEqual([]);
  });

  it('outlive a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'redcliff-users-'));
    try {
      {
        await using first = await start({ folder });
        const client = await connected(first);
        await client.db('admin').command({ createUser: 'kept', pwd: 'k', roles: ['root'] });
        await client.close();
      }
      await using second = await start({ folder, requiresAuthentication: true });
      const client = await connected(second, { auth: { username: 'kept', password: 'k' } });
      expect((await client.db('a').collection('b').insertOne({})).acknowledged).toBe(true);
      await client.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe.skipIf(!hasOpenssl())('TLS of the embedded MongoDB (with openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redcliff-tls-'));
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');

  beforeAll(() => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject],
      { stdio: 'ignore' },
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const settings = (mode: 'allowTLS' | 'requireTLS', checksClients: boolean) => ({
    mode,
    certificateKey: readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'),
    certificateAuthority: checksClients ? readFileSync(certificate, 'utf8') : undefined,
    allowsConnectionsWithoutCertificates: false,
  });
  const secure = { tls: true, tlsCAFile: certificate };
  const impatient = { serverSelectionTimeoutMS: 1500 };

  it('serves clients that speak it, and others only where it may', async () => {
    await using required = await start({ tls: settings('requireTLS', false) });
    const client = await connected(required, secure);
    await client
      .db('a')
      .collection('b')
      .insertOne({ text: 'x'.repeat(1_000_000) });
    await client.close();
    await expect(connected(required, impatient)).rejects.toMatchObject({ name: 'MongoServerSelectionError' });
    await using allowed = await start({ tls: settings('allowTLS', false) });
    for (const options of [secure, {}]) {
      const other = await connected(allowed, options);
      await other.db('a').collection('b').insertOne({});
      await other.close();
    }
  });

  it('asks clients for a certificate when it has one to check theirs by', async () => {
    await using server = await start({ tls: settings('requireTLS', true) });
    await expect(connected(server, { ...secure, ...impatient })).rejects.toMatchObject({
      name: 'MongoServerSelectionError',
    });
    const client = await connected(server, {
      ...secure,
      cert: readFileSync(certificate),
      key: readFileSync(key),
    });
    await client.db('a').collection('b').insertOne({});
    await client.close();
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
