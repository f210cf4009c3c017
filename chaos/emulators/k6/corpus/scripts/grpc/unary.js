// Calls that block, with all kinds of values both ways.
import grpc from 'k6/net/grpc';
import { check } from 'k6';

const client = new grpc.Client();
const methods = client.load(['.'], 'shop.proto');

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { checks: ['rate==1'], grpc_req_duration: ['max<60000'] },
};

export default function () {
  check(methods, {
    'five methods': (list) => list.length === 5 && list[0].fullMethod === '/shop.v1.Shop/Find',
  });
  client.connect(__ENV.BASE_URL, { plaintext: true });
  const found = client.invoke('shop.v1.Shop/Find', { itemId: 7 }, { metadata: { 'x-trace': 'abc' } });
  check(found, {
    'is found': (r) => r.status === grpc.StatusOK && r.error === null,
    'numbers of 64 bits are texts': (r) => r.message.itemId === '7',
    'names are camel case': (r) => r.message.displayName === 'item 7',
    'enums are names': (r) => r.message.kind === 'FOOD',
    'lists and maps': (r) => r.message.tags.join() === 'a,b' && r.message.stock.north === 3,
    'a time': (r) => r.message.madeAt === '2023-11-14T22:13:20.500Z',
    'a wrapper': (r) => r.message.note === 'fresh',
    'bytes are base64': (r) => r.message.picture === 'cGlj',
    'a float is short': (r) => r.message.weight === 0.1,
    'one of': (r) => r.message.cents === 250 && !('onRequest' in r.message),
    'what is not there': (r) => r.message.parent === null,
    'headers come back': (r) => r.headers['x-trace'][0] === 'abc',
  });
  const missing = client.invoke('/shop.v1.Shop/Find', { item_id: 101 });
  check(missing, {
    'is missing': (r) => r.status === grpc.StatusNotFound,
    'says why': (r) => r.error.code === 5 && r.error.message === 'no item 101',
    'message has its defaults': (r) => r.message.displayName === '' && r.message.tags.length === 0,
  });
  const item = {
    displayName: 'new',
    kind: 'FOOD',
    note: 'n',
    madeAt: '2024-01-02T03:04:05Z',
    stock: { a: 1 },
    onRequest: 'ask',
  };
  const stored = client.invoke('shop.v1.Shop/Store', item, { tags: { kind: 'store' } });
  check(stored, {
    'comes back': (r) =>
      r.message.madeAt === '2024-01-02T03:04:05Z' && r.message.note === 'n' && r.message.onRequest === 'ask',
  });
  const late = client.invoke('shop.v1.Shop/Find', {}, { timeout: '50ms' });
  check(late, { 'comes too late': (r) => r.status === grpc.StatusDeadlineExceeded });
  let refusal = '';
  try {
    client.invoke('shop.v1.Shop/Store', { nonsense: 1 });
  } catch (error) {
    refusal = String(error);
  }
  check(refusal, { 'unknown fields are refused': (text) => text.includes('unknown field "nonsense"') });
  check(client.healthCheck(), { 'is healthy': (r) => r.status === grpc.HealthCheckServing });
  client.close();
}
