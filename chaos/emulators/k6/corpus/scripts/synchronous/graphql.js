// A query with variables.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

const query = `
  query One($id: ID!) {
    item(id: $id) { name price }
  }`;

export default function () {
  const res = http.post(`${__ENV.BASE_URL}/graphql`, JSON.stringify({ query, variables: { id: 3 } }), {
    headers: { 'Content-Type': 'application/json' },
  });
  check(res, {
    'no errors': (r) => r.json('errors') === undefined,
    'variables came': (r) => r.json('data.variables.id') === 3,
  });
  const bad = http.post(`${__ENV.BASE_URL}/graphql`, '{}', {
    responseCallback: http.expectedStatuses({ min: 400, max: 499 }),
  });
  check(bad, { 'asks for a query': (r) => r.json('errors.0.message') === 'no query' });
}
