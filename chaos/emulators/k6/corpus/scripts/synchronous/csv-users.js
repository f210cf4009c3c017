// Users of a CSV file, shared by all VUs.
// requests: 6
import http from 'k6/http';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { check } from 'k6';

const users = new SharedArray('users', function () {
  return open('./lib/users.csv')
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [user, password] = line.split(',');
      return { user, password };
    });
});

export const options = {
  scenarios: { each: { executor: 'shared-iterations', vus: 2, iterations: 6, maxDuration: '20s' } },
  thresholds: { 'checks{kind:login}': ['rate==1'] },
};

export default function () {
  const one = users[exec.scenario.iterationInTest % users.length];
  const res = http.post(`${__ENV.BASE_URL}/login`, JSON.stringify(one), { tags: { kind: 'login' } });
  check(res, { 'login works': (r) => r.json('user') === one.user }, { kind: 'login' });
}
