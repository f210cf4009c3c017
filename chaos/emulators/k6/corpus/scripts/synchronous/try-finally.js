// Cleans up whatever happens.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

function useItem(work) {
  const id = http.post(`${__ENV.BASE_URL}/items`, JSON.stringify({ name: 'temporary', price: 1 })).json('id');
  try {
    return work(id);
  } finally {
    http.del(`${__ENV.BASE_URL}/items/${id}`);
  }
}

export default function () {
  let message = '';
  try {
    useItem((id) => {
      http.get(`${__ENV.BASE_URL}/items/${id}`);
      throw new Error('on purpose');
    });
  } catch (error) {
    message = error.message;
  }
  check(message, { 'error came through': (text) => text === 'on purpose' });
}
