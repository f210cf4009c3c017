// require of an ES module gives its namespace.
// requests: 1
const { answer, default: describe } = require('./lib/es-module.js');
const http = require('k6/http');
const { check } = require('k6');

exports.default = function () {
  check(describe(), { 'default and named': (text) => text === 'the answer is 42' && answer === 42 });
  http.get(`${__ENV.BASE_URL}/health`);
};
