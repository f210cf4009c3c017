// Scenarios whose functions are exports.
// requests: 3
const http = require('k6/http');

exports.options = {
  scenarios: {
    one: { executor: 'shared-iterations', exec: 'one', vus: 1, iterations: 1 },
    two: { executor: 'shared-iterations', exec: 'two', vus: 1, iterations: 2 },
  },
  thresholds: { http_req_failed: ['rate==0'], 'http_reqs{scenario:two}': ['count==2'] },
};
exports.one = () => {
  http.get(`${__ENV.BASE_URL}/health`);
};
exports.two = () => {
  http.get(`${__ENV.BASE_URL}/page`);
};
