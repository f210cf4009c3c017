// A server that is not there, and methods that are not known.
import grpc from 'k6/net/grpc';
import { check } from 'k6';

const client = new grpc.Client();
client.load([], 'shop.proto');

export const options = { thresholds: { checks: ['rate==1'] } };

function caught(act) {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}

export default function () {
  check(
    caught(() => client.invoke('shop.v1.Shop/Find', {})),
    { 'connect comes first': (text) => text.includes('you must call connect first') },
  );
  check(
    caught(() => client.connect('127.0.0.1:1', { plaintext: true, timeout: '5s' })),
    { 'nothing listens': (text) => text.includes('connection error') },
  );
  check(
    caught(() => client.connect(__ENV.BASE_URL, { nonsense: 1 })),
    { 'unknown parameter': (text) => text.includes('unknown connect param: "nonsense"') },
  );
  client.connect(__ENV.BASE_URL, { plaintext: true });
  check(
    caught(() => client.invoke('shop.v1.Shop/Nothing', {})),
    { 'unknown method': (text) => text.includes('not found in file descriptors') },
  );
  check(client.invoke('shop.v1.Shop/Find', { itemId: '9' }), {
    'numbers as texts': (r) => r.message.itemId === '9',
  });
  client.close();
}
