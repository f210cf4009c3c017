import { describe, expect, it } from 'vitest';
import { hostAndPort, movedTo, parseExternalUris, withoutPassword } from './external-uris.ts';

const good = {
  redis: 'redis://:secret@127.0.0.1:6379/2',
  mongo: 'mongodb://me:secret@127.0.0.1/?replicaSet=rs0',
  toxiproxy: 'http://127.0.0.1:8474',
};

describe('parseExternalUris', () => {
  it('takes one address for each part', () => {
    expect(parseExternalUris(good).redis.port).toBe('6379');
  });

  it.each([
    ['--redis-uri is missing', { redis: undefined }],
    ['--mongo-uri is missing', { mongo: '' }],
    ['--redis-uri "127.0.0.1:6379"', { redis: '127.0.0.1:6379' }],
    ['--redis-uri "rediss://host:6379"', { redis: 'rediss://host:6379' }],
    ['--mongo-uri names several servers', { mongo: 'mongodb://a:1,b:2/?replicaSet=rs0' }],
    ['--mongo-uri names several servers', { mongo: 'mongodb+srv://cluster.example.net' }],
    ['--toxiproxy-uri "localhost:8474"', { toxiproxy: 'localhost:8474' }],
  ])('refuses it with: %s', (message, wrong) => {
    expect(() => parseExternalUris({ ...good, ...wrong })).toThrow(message);
    expect(() => parseExternalUris({ ...good, ...wrong })).toThrow(
      expect.objectContaining({ exitStatus: 64 }),
    );
  });

  it('never shows a password', () => {
    const wrong = { ...good, redis: 'rediss://:secret@host:6379' };
    expect(() => parseExternalUris(wrong)).toThrow('rediss://:***@host:6379');
    expect(withoutPassword('mongodb://me:secret@host')).toBe('mongodb://me:***@host');
  });
});

describe('an address', () => {
  it('has the port of its protocol where it names none', () => {
    expect(hostAndPort(parseExternalUris(good).mongo)).toBe('127.0.0.1:27017');
  });

  it('keeps all but its place when it is moved', () => {
    expect(movedTo(parseExternalUris(good).mongo, 'proxy', 15_000).href).toBe(
      'mongodb://me:secret@proxy:15000/?replicaSet=rs0',
    );
    expect(movedTo(parseExternalUris(good).redis, '127.0.0.1', 15_001).href).toBe(
      'redis://:secret@127.0.0.1:15001/2',
    );
  });
});
