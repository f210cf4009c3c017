// Requires only when it is needed.
// requests: 1
const http = require('k6/http');
const { check } = require('k6');
const tools = __ENV.PLAIN ? undefined : require('./lib/umd.js');

module.exports = {
  options: { iterations: 1 },
  default: function () {
    check(tools.chunk([1, 2], 1), { 'tools are there': (list) => list.length === 2 });
    http.get(`${__ENV.BASE_URL}/health`);
  },
};
