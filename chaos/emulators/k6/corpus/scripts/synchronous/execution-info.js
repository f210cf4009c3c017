// Who and where the iteration is.
// requests: 4
import http from 'k6/http';
import exec from 'k6/execution';
import { check } from 'k6';

export const options = { scenarios: { main: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } };

export default function () {
  check(exec, {
    'scenario name': (e) => e.scenario.name === 'main',
    executor: (e) => e.scenario.executor === 'per-vu-iterations',
    'VU number': (e) => e.vu.idInTest === __VU && e.vu.idInTest >= 1,
    iteration: (e) => e.vu.iterationInScenario === __ITER,
    'VUs of the instance': (e) => e.instance.vusInitialized === 2,
    'options are whole': (e) => e.test.options.scenarios.main.vus === 2,
  });
  http.get(`${__ENV.BASE_URL}/items/${exec.scenario.iterationInTest + 1}`);
}
