/** WebSockets, blocking by `k6/ws` and beside the script by `k6/websockets`. */
import type { CompatCase } from './case.ts';

const blocking = (body: string): string =>
  `import ws from 'k6/ws';\nimport { check, sleep } from 'k6';\nexport default function () {\n${body}\n}`;
const beside = (body: string): string =>
  `import { Blob, WebSocket } from 'k6/websockets';\nexport default function () {\n${body}\n}`;
const summary = `export function handleSummary({ metrics }) {
  const of = (name) => metrics[name]?.values.count;
  console.log(['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received', 'ws_session_duration', 'ws_ping'].map((name) => of(name) ?? (metrics[name] === undefined ? 'none' : 'trend')).join(' '));
  return {};
}`;

export const socketCases: readonly CompatCase[] = [
  {
    console: ['open', 'text hello', 'bytes 3', 'close 1000', '101 websocket true', '1 2 2 trend none'],
    exitCode: 0,
    name: 'k6/ws: connect blocks until the socket is closed',
    script: `${blocking(`let closed = false;
  const r = ws.connect('ws://SERVER/echo', { headers: { 'X-Own': 'a' }, tags: { t: 'x' } }, (socket) => {
    socket.on('open', () => { console.log('open'); socket.send('hello'); });
    socket.on('message', (m) => { console.log('text ' + m); socket.sendBinary(new Uint8Array([1, 2, 3]).buffer); });
    socket.on('binaryMessage', (m) => { console.log('bytes ' + m.byteLength); socket.close(1000); });
    socket.on('close', (code) => { closed = true; console.log('close ' + code); });
  });
  console.log([r.status, r.headers.Upgrade, closed].join(' '));`)}
${summary}`,
  },
  {
    console: ['tick 1', 'tick 2', 'late', 'close 1001', 'after'],
    exitCode: 0,
    name: 'k6/ws: timers of a socket, and handlers that block',
    script: blocking(`let ticks = 0;
  ws.connect('ws://SERVER/echo', (socket) => {
    socket.on('open', () => {
      socket.setInterval(() => { ticks += 1; if (ticks < 3) { sleep(0.01); console.log('tick ' + ticks); } }, 20);
      socket.setTimeout(() => { console.log('late'); socket.close(); }, 400);
    });
    socket.on('close', (code) => console.log('close ' + code));
  });
  console.log('after');`),
  },
  {
    console: ['error websocket: close 4000: enough', 'close 4000', '101'],
    exitCode: 0,
    name: 'k6/ws: closed by the server with a code of its own',
    script: blocking(`const r = ws.connect('ws://SERVER/close/4000/enough', {}, (socket) => {
    socket.on('error', (e) => console.log('error ' + e.error()));
    socket.on('close', (code) => console.log('close ' + code));
  });
  console.log(r.status);`),
  },
  {
    console: ['404 no socket here', '0 dial tcp 127.0.0.1:1: connect: connection refused'],
    exitCode: 0,
    name: 'k6/ws: an answer that is no handshake, and none',
    script: blocking(`const a = ws.connect('ws://SERVER/refuse/404', {}, () => console.log('not called'));
  console.log(a.status + ' ' + a.body);
  const b = ws.connect('ws://REFUSED/', {}, () => console.log('not called'));
  console.log(b.status + ' ' + b.error);`),
  },
  {
    console: ['close 1001'],
    exitCode: 0,
    logs: ['boom'],
    name: 'k6/ws: what a handler throws ends the socket and the iteration',
    script: blocking(`ws.connect('ws://SERVER/echo', {}, (socket) => {
    socket.on('open', () => { throw new Error('boom'); });
    socket.on('close', (code) => console.log('close ' + code));
  });
  console.log('not reached');`),
  },
  {
    console: ['ping', 'pong', '1 0 0 trend trend'],
    exitCode: 0,
    name: 'k6/ws: pings of both sides',
    script: `${blocking(`ws.connect('ws://SERVER/ping', {}, (socket) => {
    socket.on('ping', () => { console.log('ping'); socket.ping(); });
    socket.on('pong', () => { console.log('pong'); socket.close(); });
  });`)}
${summary.replaceAll('?? (', '?? (name.startsWith("ws_msgs") ? 0 : ')}`,
  },
  {
    console: [
      '0 ws true',
      'open 1',
      'string hello',
      'object 3 [object Blob]',
      'buffer 2',
      'close 1000 3 true',
      '1 4 3 trend none',
    ],
    exitCode: 0,
    name: 'k6/websockets: events, blobs and buffers',
    script: `${beside(`const socket = new WebSocket('ws://SERVER/echo', null, { tags: { t: 'x' } });
  console.log(socket.readyState, socket.url.slice(0, 2), socket.binaryType === 'blob');
  socket.onopen = () => { console.log('open', socket.readyState); socket.send('hello'); };
  socket.addEventListener('message', (e) => {
    if (typeof e.data === 'string') {
      console.log('string', e.data);
      socket.send(new Blob(['a', new Uint8Array([98, 99])]));
    } else if (e.data instanceof ArrayBuffer) {
      console.log('buffer', e.data.byteLength);
      socket.close(1000, 'done');
    } else {
      console.log('object', e.data.size, String(e.data));
      socket.binaryType = 'arraybuffer';
      socket.send(new Uint8Array([1, 2]));
    }
  });
  socket.onclose = (e) => console.log('close', e.code, socket.readyState, e.target === socket);`)}
${summary}`,
  },
  {
    console: [
      'error websocket: close 3001: own',
      'close 3001 own',
      'dial error',
      'dial close',
      'InvalidStateError',
    ],
    exitCode: 0,
    name: 'k6/websockets: errors',
    script: `import { WebSocket } from 'k6/websockets';
const closed = (socket) => new Promise((resolve) => { socket.addEventListener('close', resolve); });
export default async function () {
  const a = new WebSocket('ws://SERVER/close/3001/own');
  a.onerror = (e) => console.log('error ' + e.error);
  console.log('close', (await closed(a).then((e) => [e.code, e.reason])).join(' '));
  const b = new WebSocket('ws://REFUSED/');
  b.onerror = (e) => console.log(e.error.includes('connection refused') ? 'dial error' : e.error);
  await closed(b);
  console.log('dial close');
  try { b.send('x'); } catch (error) { console.log(error.message); }
}`,
  },
  {
    exitCode: 0,
    logs: ['got boom'],
    name: 'k6/websockets: what a listener throws ends the iteration',
    script: beside(`const socket = new WebSocket('ws://SERVER/echo');
  socket.onopen = () => { throw new Error('got boom'); };`),
  },
];
