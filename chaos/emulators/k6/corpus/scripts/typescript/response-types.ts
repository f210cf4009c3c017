// Responses by their types, and `import =` left to type-only use.
// requests: 2
import http, { type Response, type RequestBody } from 'k6/http';
import { check, type Checkers } from 'k6';

const isOk: Checkers<Response> = { ok: (r) => r.status === 200 };
const body: RequestBody = JSON.stringify({ typed: true });

function send(path: string): Response;
function send(path: string, content: RequestBody): Response;
function send(path: string, content?: RequestBody): Response {
  return content === undefined
    ? http.get(`${__ENV.BASE_URL}${path}`)
    : http.post(`${__ENV.BASE_URL}${path}`, content);
}

export default function (): void {
  check(send('/health'), isOk);
  check(send('/echo', body), { 'body came': (r) => r.json('body') === body });
}
