/** The server that both clients are measured against: it answers at once. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  response.end('hello');
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? (address?.port ?? '') : ''}\n`);
});
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
