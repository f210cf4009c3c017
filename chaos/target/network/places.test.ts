import { expect, it } from 'vitest';
import { isAllowed, isLoopback, loopbackNames } from './places.ts';

it.each([
  'localhost',
  'api.localhost',
  '127.0.0.1',
  '127.1.2.3',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '0.0.0.0',
  '::',
])('%s is loopback', (host) => expect(isLoopback(host)).toBe(true));

it.each(['example.com', 'localhost.example.com', '10.0.0.1', '12.7.0.0', '127.0.0.1.example.com', 'fe80::1'])(
  '%s is not',
  (host) => expect(isLoopback(host)).toBe(false),
);

it('allows a host with any port, or with one', () => {
  const allowed = ['api.example.com', '10.0.0.1:80', '[fe80::1]:80'];
  expect(isAllowed(allowed, 'api.example.com', 443)).toBe(true);
  expect(isAllowed(allowed, '10.0.0.1', 80)).toBe(true);
  expect(isAllowed(allowed, 'fe80::1', 80)).toBe(true);
  expect(isAllowed(allowed, '10.0.0.1', 443)).toBe(false);
  expect(isAllowed(allowed, 'other.example.com', 443)).toBe(false);
});

it('takes the names of loopback from a hosts file', () => {
  const file =
    '# names\n127.0.0.1 localhost Cache # old\n127.0.1.1\tbuilder builder.lan\n10.0.0.7 store\n::1 six\n\n';
  expect(loopbackNames(file)).toEqual(['localhost', 'cache', 'builder', 'builder.lan', 'six']);
});
