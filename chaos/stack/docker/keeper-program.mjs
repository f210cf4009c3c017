/**
 * Removes the containers and the network of a stack when the harness cannot: it holds a pipe to the harness, and when that
 * breaks, however the harness ended, it removes everything that bears the label of the stack. Argument: JSON of
 * `{ address: { socketPath } or { host, port }, label }`.
 */
import { request } from 'node:http';
import process from 'node:process';

const { address, label } = JSON.parse(process.argv[2]);
const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
const requestDeadlineMs = 20_000;
const attempts = 3;

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

process.stdin.resume();
process.stdin.on('error', () => undefined);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.on('close', resolve));
for (let attempt = 0; attempt < attempts; attempt += 1) {
  // What was being created when the harness died appears only after the first look.
  const removed = await removeEverything().catch(() => -1);
  if (removed === 0) break;
}
process.exit(0);
