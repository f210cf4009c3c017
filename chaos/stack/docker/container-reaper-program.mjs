/**
 * Removes the containers and the network of a stack when the harness cannot: it holds a pipe to the harness, and when that
 * breaks, however the harness ended, it removes everything with the label of the stack. Argument: JSON of
 * `{ address: { socketPath } or { host, port }, label }`.
 */
import { request } from 'node:http';
import process from 'node:process';

const { address, label } = JSON.parse(process.argv[2]);
const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
const requestDeadlineMs = 20_000;
const attempts = 30;
/** What an engine was asked to create when the harness died may appear a while later. */
const emptyLooks = { told: 1, died: 10 };
const pauseMs = 1_000;

/** Status and parsed body of the answer. */
function ask(method, path) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(requestDeadlineMs);
    const asking = request({ ...address, method, path, signal }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode, body: text === '' ? null : JSON.parse(text) }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}

async function removeEverything() {
  const { body: containers } = await ask('GET', `/containers/json?all=1&filters=${filters}`);
  await Promise.all(containers.map(({ Id }) => ask('DELETE', `/containers/${Id}?force=1&v=1`)));
  const { body: networks } = await ask('GET', `/networks?filters=${filters}`);
  await Promise.all(networks.map(({ Id }) => ask('DELETE', `/networks/${Id}`)));
  return containers.length + networks.length;
}

let told = '';
process.stdin.setEncoding('utf8').on('data', (text) => (told += text));
process.stdin.on('error', () => undefined);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.on('close', resolve));
// A harness that ends its stack says so, and has created everything that it will.
const needed = told === '' ? emptyLooks.died : emptyLooks.told;
for (let attempt = 0, empty = 0; attempt < attempts && empty < needed; attempt += 1) {
  const removed = await removeEverything().catch(() => -1);
  empty = removed === 0 ? empty + 1 : 0;
  if (empty < needed && (removed < 0 || told === '')) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
process.exit(0);
