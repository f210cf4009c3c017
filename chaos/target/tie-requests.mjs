/**
 * Loaded before a Node.js process of the target (`--import`): notes which operation of a client caused which bytes to a store. Redcliff's script library
 * sends the operation in a header; an AsyncLocalStorage carries it through the handler; each write to a proxy is noted with its position in the stream,
 * by which the command is found in the trace. Plain JavaScript, because the target may run on another Node.js than Redcliff.
 *
 * Parameters in its URL: `folder` takes a file for each process, `ports` are those of the process's proxies.
 */
import { AsyncLocalStorage, executionAsyncResource } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

const header = 'x-redcliff-operation';
/** What is sent later after the answer is the process's own work, such as a loop that the first request started. */
const lateMs = 2_000;
/** Where several callers may share one callback, as clients do that gather commands. */
const sharedCallbacks = new Set(['Immediate', 'TickObject', 'Timeout']);

const parameters = new URL(import.meta.url).searchParams;
const file = path.join(parameters.get('folder') ?? '.', `${process.pid}.ndjson`);
const ports = new Set((parameters.get('ports') ?? '').split(',').map(Number));
const current = new AsyncLocalStorage();

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function emitWithin(event, ...rest) {
  const [request, response] = rest;
  const name = event === 'request' || event === 'checkContinue' ? request.headers[header] : undefined;
  if (typeof name !== 'string') return emit.call(this, event, ...rest);
  const operation = { name, endedAtMs: Infinity };
  response.once('close', () => (operation.endedAtMs = performance.now()));
  // The parser emits the body in a context of its own.
  const emitOfRequest = request.emit;
  request.emit = function emitBodyWithin(...args) {
    return current.run(operation, () => emitOfRequest.apply(this, args));
  };
  return current.run(operation, () => emit.call(this, event, ...rest));
};

/** Position in the stream of each socket, and whether it leads to a proxy: null while it is connecting. */
const streams = new WeakMap();
const write = net.Socket.prototype.write;
net.Socket.prototype.write = function writeAndNote(chunk, encoding, ...rest) {
  const stream = streams.get(this) ?? { sent: 0, watched: null };
  if (stream.watched !== false) noteWrite(this, stream, chunk, encoding);
  return write.call(this, chunk, encoding, ...rest);
};

function noteWrite(socket, stream, chunk, encoding) {
  if (stream.sent === 0) streams.set(socket, stream);
  if (stream.watched === null && socket.remotePort !== undefined)
    stream.watched = ports.has(socket.remotePort);
  const bytes =
    typeof chunk === 'string'
      ? Buffer.byteLength(chunk, typeof encoding === 'string' ? encoding : 'utf8')
      : (chunk?.byteLength ?? 0);
  const offset = stream.sent;
  stream.sent += bytes;
  const operation = current.getStore();
  if (stream.watched !== true || operation === undefined) return;
  if (performance.now() > operation.endedAtMs + lateMs) return;
  const callback = executionAsyncResource();
  const shared = sharedCallbacks.has(callback?.constructor?.name);
  note({ socket, callback: shared ? callback : null, offset, bytes, operation: operation.name });
}

let noted = [];

function note(one) {
  if (noted.length === 0) setImmediate(flush);
  const sibling =
    one.callback === null
      ? undefined
      : noted.find(({ callback, socket }) => callback === one.callback && socket === one.socket);
  // Written together: whose commands these are is not known.
  if (sibling !== undefined) sibling.operation = null;
  const operation = sibling === undefined ? one.operation : null;
  noted.push({ ...one, operation, from: one.socket.localPort, to: one.socket.remotePort });
}

function flush() {
  const lines = noted.flatMap(({ from, to, offset, bytes, operation, callback }) =>
    operation === null
      ? []
      : [JSON.stringify([from, to, offset, bytes, callback === null ? 0 : 1, operation])],
  );
  noted = [];
  if (lines.length === 0) return;
  try {
    appendFileSync(file, `${lines.join('\n')}\n`);
  } catch {
    // The folder is gone when the cell has ended.
  }
}
process.on('exit', flush);
