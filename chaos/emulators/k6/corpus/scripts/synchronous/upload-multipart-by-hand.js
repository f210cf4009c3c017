// A multipart body put together by the script.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const boundary = '----of-the-script';
  const body = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="title"',
    '',
    'hand made',
    `--${boundary}`,
    'Content-Disposition: form-data; name="doc"; filename="a.txt"',
    'Content-Type: text/plain',
    '',
    'text of the file',
    `--${boundary}--`,
    '',
  ].join('\r\n');
  const res = http.post(`${__ENV.BASE_URL}/upload`, body, {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  });
  check(res, { 'file was found': (r) => r.json('parts.1.filename') === 'a.txt' });
}
