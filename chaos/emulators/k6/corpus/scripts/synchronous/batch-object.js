// A batch by names, with methods and bodies.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const base = __ENV.BASE_URL;
  const answers = http.batch({
    list: `${base}/items?limit=3`,
    echo: {
      method: 'POST',
      url: `${base}/echo`,
      body: JSON.stringify({ hello: 'world' }),
      params: { headers: { 'Content-Type': 'application/json' } },
    },
    form: { method: 'POST', url: `${base}/echo`, body: { a: '1', b: 'two words' } },
  });
  check(answers.list, { 'three items': (r) => r.json('items.#') === 3 });
  check(answers.echo, { 'body came': (r) => JSON.parse(r.json('body')).hello === 'world' });
  check(answers.form, { 'form came': (r) => r.json('body') === 'a=1&b=two+words' });
}
