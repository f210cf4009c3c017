// require and module.exports.
// requests: 1
const http = require('k6/http');
const { check } = require('k6');

module.exports.options = { iterations: 1 };
module.exports.default = function () {
  const res = http.get(`${__ENV.BASE_URL}/health`);
  check(res, { up: (r) => r.status === 200 });
};
