// Uses a client class of another file.
// requests: 6
import { check } from 'k6';
import { ShopClient } from './lib/client.js';

export const options = { vus: 2, iterations: 2 };

export default () => {
  const client = ShopClient.login(__ENV.BASE_URL, 'ann', 'secret-a');
  check(client.list(2), { 'page of ten': (items) => items.length === 10 });
  check(client.account, { 'getter waits': (account) => account.user === 'ann' });
};
