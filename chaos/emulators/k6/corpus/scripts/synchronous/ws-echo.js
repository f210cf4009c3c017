// Talks over a WebSocket, the call lasts until it is closed.
// requests: 0
import ws from 'k6/ws';
import { check } from 'k6';

export default function () {
  const url = `${__ENV.BASE_URL.replace('http', 'ws')}/socket`;
  const heard = [];
  const res = ws.connect(url, { tags: { kind: 'echo' } }, function (socket) {
    socket.on('open', () => socket.send('hello'));
    socket.on('message', (text) => {
      heard.push(text);
      if (heard.length === 1) socket.send('again');
      else socket.close();
    });
    socket.setTimeout(() => socket.close(), 5000);
  });
  check(res, { 'switched protocols': (r) => r && r.status === 101 });
  check(heard, { 'both came back': (list) => list.join() === 'hello,again' });
}
