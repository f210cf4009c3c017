// Metrics and shared data.
// requests: 2
const http = require('k6/http');
const { Counter } = require('k6/metrics');
const { SharedArray } = require('k6/data');
const exec = require('k6/execution');

const paths = new SharedArray('paths', () => ['/health', '/page']);
const done = new Counter('cjs_done');
exports.options = { iterations: 2, thresholds: { cjs_done: ['count==2'] } };
exports.default = function () {
  const { status } = http.get(`${__ENV.BASE_URL}${paths[exec.scenario.iterationInTest]}`);
  if (status === 200) done.add(1);
};
