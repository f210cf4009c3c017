// Stands for a provider that is reached by TCP: a line of JSON in, `ok` out.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

createServer((socket) => {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', () => socket.write('ok\n'));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
