// Sockets with events, beside the code of the script.
// requests: 1
import { WebSocket } from 'k6/websockets';
import http from 'k6/http';
import { check } from 'k6';

export const options = { thresholds: { checks: ['rate==1'], ws_msgs_received: ['count==1'] } };

export default function () {
  const url = `${__ENV.BASE_URL.replace('http', 'ws')}/socket`;
  const socket = new WebSocket(url);
  socket.onopen = () => socket.send('ping of the script');
  socket.onmessage = (event) => {
    check(event.data, { 'came back': (text) => text === 'ping of the script' });
    socket.close();
  };
  check(http.get(`${__ENV.BASE_URL}/health`), { healthy: (r) => r.status === 200 });
}
