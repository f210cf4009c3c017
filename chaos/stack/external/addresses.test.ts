import { describe, expect, it } from 'vitest';
import { hostAndPort, movedTo, parseExternalAddresses } from './addresses.ts';
import { directUri } from './mongo-address.ts';

const good = {
  redis: 'redis://:secret@127.0.0.1:6379/2',
  mongo: 'mongodb://me:secret@127.0.0.1/?replicaSet=rs0',
  toxiproxy: 'http://127.0.0.1:8474',
};

describe('parseExternalAddresses', () => {
  it('takes one address for each part', () => {
    const parsed = parseExternalAddresses(good);
    expect(parsed.redis).toMatchObject({ kind: 'server' });
    expect(parsed.mongo).toMatchObject({ isSeveral: false, place: '127.0.0.1:27017' });
    expect(parsed.toxiproxy.port).toBe('8474');
  });

  it.each([
    ['--redis-uri is missing', { redis: undefined }],
    ['--mongo-uri is missing', { mongo: '' }],
    ['--toxiproxy-uri is missing', { toxiproxy: undefined }],
    ['--redis-uri "127.0.0.1:6379" is not a redis:', { redis: '127.0.0.1:6379' }],
    ['--redis-uri "redis://a:1,b:2" is a Redis Cluster', { redis: 'redis://a:1,b:2' }],
    ['--redis-uri "redis+cluster://a:1" is a Redis Cluster', { redis: 'redis+cluster://a:1' }],
    ['does not name sentinels and a master', { redis: 'redis+sentinel://a:1,b:2' }],
    ['names no database number', { redis: 'redis://a:1/mine' }],
    ['has a keyPrefix', { redis: 'redis://a:1/0?keyPrefix=x:' }],
    ['--mongo-uri "localhost:27017" is not a mongodb:', { mongo: 'localhost:27017' }],
    ['--mongo-uri "mongodb://a,b:x/" is not a mongodb:', { mongo: 'mongodb://a,b:x/' }],
    ['is behind a load balancer', { mongo: 'mongodb://a/?loadBalanced=true' }],
    ['--toxiproxy-uri "localhost:8474" is not an http:', { toxiproxy: 'localhost:8474' }],
    ['--allow "redis-kill" is nothing that can be allowed', { allow: 'redis-configure,redis-kill' }],
  ])('refuses it with: %s', (message, wrong) => {
    const parsing = () => parseExternalAddresses({ ...good, ...wrong });
    expect(parsing).toThrow(message);
    expect(parsing).toThrow(expect.objectContaining({ exitStatus: 64 }));
  });

  it('allows only what is named', () => {
    expect(parseExternalAddresses(good).allowed).toEqual([]);
    const { allowed } = parseExternalAddresses({ ...good, allow: 'redis-configure, mongo-step-down,' });
    expect(allowed).toEqual(['redis-configure', 'mongo-step-down']);
    expect(() => parseExternalAddresses({ ...good, allow: 'all' })).toThrow(
      expect.objectContaining({ hint: 'give some of mongo-step-down,redis-configure' }),
    );
  });

  it('never shows a password', () => {
    expect(() => parseExternalAddresses({ ...good, redis: 'http://:secret@host:6379' })).toThrow(
      '"http://:***@host:6379"',
    );
    expect(() => parseExternalAddresses({ ...good, mongo: 'mongo://me:secret@host' })).toThrow(
      '"mongo://me:***@host"',
    );
  });

  it('knows sentinels, their master, and its database', () => {
    const { redis } = parseExternalAddresses({
      ...good,
      redis: 'redis+sentinel://me:pw@a,b:26380/main/3',
    });
    expect(redis).toMatchObject({
      kind: 'sentinel',
      master: 'main',
      sentinels: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
    });
    expect(redis.kind === 'sentinel' && movedTo(redis.template, 'c', 6_379).href).toBe(
      'redis://me:pw@c:6379/3',
    );
  });

  it.each(['mongodb://a:1,b:2/?replicaSet=rs0', 'mongodb+srv://me:pw@cluster.example.net/'])(
    'asks %s which server is meant',
    (mongo) => {
      expect(parseExternalAddresses({ ...good, mongo }).mongo.isSeveral).toBe(true);
    },
  );
});

describe('an address', () => {
  it('has the port of its protocol where it names none', () => {
    expect(hostAndPort(new URL('rediss://host/1'))).toBe('host:6379');
  });

  it('keeps all but its place when it is moved', () => {
    expect(movedTo(new URL(good.redis), '127.0.0.1', 15_001).href).toBe('redis://:secret@127.0.0.1:15001/2');
    const { mongo } = parseExternalAddresses({
      ...good,
      mongo: 'mongodb://me:secret@a,b/users?replicaSet=rs0&tls=true',
    });
    expect(directUri(mongo, 'proxy:15000')).toBe(
      'mongodb://me:secret@proxy:15000/?tls=true&authSource=users&directConnection=true',
    );
  });
});
