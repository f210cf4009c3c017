// The server tells of its services; calls give promises.
import { Client, StatusOK } from 'k6/net/grpc';
import { check } from 'k6';

const client = new Client();

export const options = { thresholds: { checks: ['rate==1'] } };

export default async function () {
  client.connect(__ENV.BASE_URL, { plaintext: true, reflect: true });
  const answers = await Promise.all(
    [1, 2].map((itemId) => client.asyncInvoke('shop.v1.Shop/Find', { itemId })),
  );
  check(answers, {
    'both came': (list) => list.every((r) => r.status === StatusOK),
    'in order': (list) => list.map((r) => r.message.displayName).join() === 'item 1,item 2',
    'well-known types too': (list) =>
      list[0].message.madeAt.endsWith('20.500Z') && list[0].message.note === 'fresh',
  });
  client.close();
}
