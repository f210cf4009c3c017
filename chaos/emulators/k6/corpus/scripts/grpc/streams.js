// Streams in all directions.
import { Client, Stream } from 'k6/net/grpc';
import { check } from 'k6';

const client = new Client();
client.load([], 'shop.proto');

export const options = {
  thresholds: { checks: ['rate==1'], grpc_streams: ['count==3'], grpc_streams_msgs_received: ['count==6'] },
};

function collect(method, send) {
  return new Promise((resolve) => {
    const seen = [];
    const stream = new Stream(client, method);
    stream.on('data', (message) => seen.push(message));
    stream.on('error', (error) => seen.push(error.message));
    stream.on('end', () => resolve(seen));
    send(stream);
    stream.end();
  });
}

export default async function () {
  client.connect(__ENV.BASE_URL, { plaintext: true });
  const list = await collect('shop.v1.Shop/List', (stream) => stream.write({ itemId: 3 }));
  check(list, {
    'three items': (items) => items.map((item) => item.displayName).join() === 'item 1,item 2,item 3',
  });
  const sum = await collect('shop.v1.Shop/Add', (stream) =>
    [1, 2, 3].forEach((total) => stream.write({ total })),
  );
  check(sum, { 'one sum': (answers) => answers.length === 1 && answers[0].total === 6 });
  const echo = await collect('shop.v1.Shop/Echo', (stream) =>
    [4, 5].forEach((total) => stream.write({ total })),
  );
  check(echo, { 'both echoes': (answers) => answers.map((one) => one.total).join() === '4,5' });
  client.close();
}
