// Parses a CSV file with the module of k6.
// requests: 3
import http from 'k6/http';
import csv from 'k6/experimental/csv';
import { open as openFile } from 'k6/experimental/fs';
import { scenario } from 'k6/execution';
import { check } from 'k6';

const file = await openFile('./lib/users.csv');
const rows = await csv.parse(file, { skipFirstLine: true });

export const options = { iterations: 3 };

export default function () {
  const [user, password] = rows[scenario.iterationInTest];
  const res = http.post(`${__ENV.BASE_URL}/login`, { user, password });
  check(res, { 'row is a user': (r) => r.status === 200 });
}
