import { describe, expect, it } from 'vitest';
import { EmulatedServer } from '../testing/emulated-server.ts';

describe('the engine', () => {
  it('lets a key expire at its time, and not before', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('set k v px 100');
    server.clock.advance(100);
    expect(client.run('get k')).toBe('bulk "v"');
    server.clock.advance(1);
    expect(client.run('get k')).toBe('null');
  });

  it('removes and announces keys that expire unseen', async () => {
    using server = new EmulatedServer({ 'notify-keyspace-events': 'Ex' });
    const client = await server.connect();
    const listener = await server.connect();
    listener.run('subscribe __keyevent@0__:expired');
    client.run('set k v px 100');
    server.clock.advance(1000);
    expect(listener.received()).toBe('array[bulk "message", bulk "__keyevent@0__:expired", bulk "k"]');
    expect(client.run('dbsize')).toBe('integer "0"');
  });

  it('hands an item to the client that waits for it longest', async () => {
    using server = new EmulatedServer();
    const [first, second, giver] = [await server.connect(), await server.connect(), await server.connect()];
    expect(first.run('blpop l 0')).toBe('');
    expect(second.run('blpop l 0')).toBe('');
    giver.run('rpush l a b');
    expect(first.received()).toBe('array[bulk "l", bulk "a"]');
    expect(second.received()).toBe('array[bulk "l", bulk "b"]');
    expect(giver.run('exists l')).toBe('integer "0"');
  });

  it('ends a wait when its time is over', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('blpop l 0.5');
    server.clock.advance(499);
    expect(client.received()).toBe('');
    server.clock.advance(1);
    expect(client.received()).toBe('null array');
  });

  it('answers with null where a command may not wait', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('multi');
    client.run('blmove a b left left 0');
    client.run('blpop a 0');
    expect(client.run('exec')).toBe('array[null, null array]');
  });

  it('runs no transaction after a refused command, or when a watched key was changed', async () => {
    using server = new EmulatedServer();
    const [client, other] = [await server.connect(), await server.connect()];
    client.run('multi');
    expect(client.run('nothing 1')).toBe(
      `error "ERR unknown command 'nothing', with args beginning with: '1' "`,
    );
    expect(client.run('exec')).toBe('error "EXECABORT Transaction discarded because of previous errors."');
    client.run('watch k');
    other.run('set k 1');
    client.run('multi');
    client.run('incr n');
    expect(client.run('exec')).toBe('null array');
    expect(client.run('get n')).toBe('null');
  });

  it('goes on with a transaction after a command that fails when it runs', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('set s text');
    client.run('multi');
    client.run('incr s');
    client.run('set t 1');
    expect(client.run('exec')).toBe(
      'array[error "ERR value is not an integer or out of range", status "OK"]',
    );
  });

  it('speaks RESP3 after HELLO 3, and pushes messages', async () => {
    using server = new EmulatedServer();
    const [client, other] = [await server.connect(), await server.connect()];
    client.run('hello 3');
    client.run('hset h a 1');
    expect(client.run('hgetall h')).toBe('map[bulk "a", bulk "1"]');
    expect(client.run('subscribe news')).toBe('push[bulk "subscribe", bulk "news", integer "1"]');
    other.run('publish news hi');
    expect(client.received()).toBe('push[bulk "message", bulk "news", bulk "hi"]');
    expect(client.run('get nothing')).toBe('null');
  });

  it('refuses other commands to a client that listens in RESP2', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('subscribe news');
    expect(client.run('get k')).toBe(
      `error "ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"`,
    );
  });

  it('refuses changes above maxmemory, and takes them again below', async () => {
    using server = new EmulatedServer();
    const client = await server.connect();
    client.run('set k v');
    client.run('config set maxmemory 1');
    expect(client.run('set z z')).toBe(`error "OOM command not allowed when used memory > 'maxmemory'."`);
    expect(client.run('get k')).toBe('bulk "v"');
    expect(client.run('del k')).toBe('integer "1"');
    client.run('config set maxmemory 0');
    expect(client.run('set z z')).toBe('status "OK"');
  });

  it('evicts keys where the policy says so', async () => {
    using server = new EmulatedServer({ 'maxmemory-policy': 'allkeys-lru' });
    const client = await server.connect();
    for (let index = 0; index < 500; index += 1) client.run('set', `k${index}`, 'x'.repeat(1000));
    const used = Number(/used_memory:(\d+)/.exec(client.run('info memory'))?.[1]);
    client.run(`config set maxmemory ${used - 100_000}`);
    expect(client.run('set', 'new', 'x'.repeat(1000))).toBe('status "OK"');
    const left = Number(/"(\d+)"/.exec(client.run('dbsize'))?.[1]);
    expect(left).toBeGreaterThan(300);
    expect(left).toBeLessThan(450);
  });

  it('holds back writes during CLIENT PAUSE WRITE, and nothing else', async () => {
    using server = new EmulatedServer();
    const [operator, writer, reader] = [
      await server.connect(),
      await server.connect(),
      await server.connect(),
    ];
    operator.run('client pause 1000 write');
    expect(writer.run('set k 1')).toBe('');
    expect(reader.run('get k')).toBe('null');
    server.clock.advance(1000);
    expect(writer.received()).toBe('status "OK"');
  });

  it('refuses changes without enough replicas', async () => {
    using server = new EmulatedServer({ 'min-replicas-to-write': '1' });
    const client = await server.connect();
    expect(client.run('set z z')).toBe('error "NOREPLICAS Not enough good replicas to write."');
    expect(client.run('get z')).toBe('null');
  });

  it('asks for the password, and takes no other', async () => {
    using server = new EmulatedServer({ requirepass: 'secret' });
    const client = await server.connect();
    expect(client.run('get k')).toBe('error "NOAUTH Authentication required."');
    expect(client.run('auth other')).toBe(
      'error "WRONGPASS invalid username-password pair or user is disabled."',
    );
    expect(client.run('auth secret')).toBe('status "OK"');
    expect(client.run('get k')).toBe('null');
  });

  it('ends the connection that CLIENT KILL names', async () => {
    using server = new EmulatedServer();
    const [operator, victim] = [await server.connect(), await server.connect()];
    const id = /"(\d+)"/.exec(victim.run('client id'))?.[1] ?? '';
    expect(operator.run(`client kill id ${id}`)).toBe('integer "1"');
    expect(victim.isClosed).toBe(true);
    expect(operator.isClosed).toBe(false);
  });

  it('gives the same replies to the same input', async () => {
    const replies = async (): Promise<string[]> => {
      using server = new EmulatedServer();
      const client = await server.connect();
      for (let index = 0; index < 50; index += 1) client.run(`sadd s m${index}`);
      const script =
        'local t = {} for k in pairs({[{}] = 1, [{}] = 2}) do t[#t + 1] = tostring(k) end return t';
      return [client.run('spop s 5'), client.run('acl genpass'), client.run('eval', script, '0')];
    };
    expect(await replies()).toEqual(await replies());
  });
});
