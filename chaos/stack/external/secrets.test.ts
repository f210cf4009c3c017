import { describe, expect, it } from 'vitest';
import { scrubbed, withoutSecrets } from './secrets.ts';

describe('withoutSecrets', () => {
  it.each([
    ['redis://:secret@host:6379/2', 'redis://:***@host:6379/2'],
    ['rediss://me:secret@host', 'rediss://me:***@host'],
    ['mongodb://me:se@cret@a:1,b:2/?replicaSet=r', 'mongodb://me:***@a:1,b:2/?replicaSet=r'],
    ['mongodb+srv://me:se/cret@c.example.net/', 'mongodb+srv://me:***@c.example.net/'],
    [
      'mongodb://h/?tls=true&tlsCertificateKeyFilePassword=pw',
      'mongodb://h/?tls=true&tlsCertificateKeyFilePassword=***',
    ],
    [
      'mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:abc&appName=x',
      'mongodb://h/?authMechanismProperties=***&appName=x',
    ],
    ['redis://host?password=secret', 'redis://host?password=***'],
    ['redis://host:6379', 'redis://host:6379'],
    ['http://localhost:8474', 'http://localhost:8474'],
  ])('shows %s as %s', (address, shown) => {
    expect(withoutSecrets(address)).toBe(shown);
  });
});

describe('scrubbed', () => {
  it('takes a password out of a message, as it was given and decoded', () => {
    const address = 'redis://me:p%40ss@host';
    expect(scrubbed('no p@ss, no p%40ss', address)).toBe('no ***, no ***');
  });

  it('leaves a message about an address without secrets alone', () => {
    expect(scrubbed('connect ECONNREFUSED', 'redis://host:6379')).toBe('connect ECONNREFUSED');
  });
});
