// Sends a file as a browser would.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

const picture = open('./lib/picture.bin', 'b');

export default function () {
  const data = { note: 'a picture', file: http.file(picture, 'picture.png', 'image/png') };
  const res = http.post(`${__ENV.BASE_URL}/upload`, data);
  check(res, {
    'both parts came': (r) => r.json('parts.#') === 2,
    'name and type': (r) => {
      const part = r.json('parts.#(name=="file")');
      return part.filename === 'picture.png' && part.type === 'image/png' && part.size === 17;
    },
  });
}
