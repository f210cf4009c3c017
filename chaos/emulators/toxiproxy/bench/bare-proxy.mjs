/** The least that a proxy on Node can be: two sockets and two data handlers. What it costs, no proxy on Node can save. */
import { connect, createServer } from 'node:net';

const [port = '0', upstream = '0'] = process.argv.slice(2);

createServer({ noDelay: true }, (client) => {
  const server = connect({ port: Number(upstream), host: '127.0.0.1', noDelay: true });
  client.on('data', (chunk) => server.write(chunk));
  server.on('data', (chunk) => client.write(chunk));
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ]) {
    socket.on('error', () => other.destroy());
    socket.on('close', () => other.destroy());
  }
}).listen(Number(port), '127.0.0.1');
