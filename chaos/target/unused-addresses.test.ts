import { expect, it } from 'vitest';
import { givenAddresses, refuseBypass } from './unused-addresses.ts';

const use = (store: string, instance: string, port: number, connections: number) => ({
  store,
  instance,
  address: `127.0.0.1:${port}`,
  connections,
  open: 0,
});
const environments = new Map([
  ['api-1', { REDIS_URL: 'redis://127.0.0.1:5001', MAIL_PORT: '5003', OTHER: '15003' }],
  ['worker-1', { REDIS_URL: 'redis://127.0.0.1:5002' }],
]);

it('names the variables that hold an address, and whether it was used', () => {
  const uses = [
    use('redis', 'api-1', 5001, 0),
    use('redis', 'worker-1', 5002, 3),
    use('mail', 'api-1', 5003, 1),
  ];
  expect(givenAddresses(uses, environments)).toEqual([
    { instance: 'api-1', store: 'redis', variables: ['REDIS_URL'], address: '127.0.0.1:5001', used: false },
    { instance: 'worker-1', store: 'redis', variables: ['REDIS_URL'], address: '127.0.0.1:5002', used: true },
    { instance: 'api-1', store: 'mail', variables: ['MAIL_PORT'], address: '127.0.0.1:5003', used: true },
  ]);
});

it('passes a process that does not use a store which another one uses', () => {
  const uses = [use('redis', 'api-1', 5001, 0), use('redis', 'worker-1', 5002, 3)];
  expect(() => refuseBypass(givenAddresses(uses, environments))).not.toThrow();
});

it('refuses a target that has never used an address, naming the variable', () => {
  const uses = [use('redis', 'api-1', 5001, 0), use('redis', 'worker-1', 5002, 0)];
  expect(() => refuseBypass(givenAddresses(uses, environments))).toThrow(/connected to redis .* REDIS_URL/);
});

it('passes a store that was not given to any process', () => {
  expect(() => refuseBypass(givenAddresses([use('mongo', 'api-1', 5009, 0)], environments))).not.toThrow();
});
