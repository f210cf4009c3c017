// A module that is required twice is the same.
// requests: 1
const first = require('./lib/counter.js');
const second = require('./lib/counter.js');
const http = require('k6/http');
const { check } = require('k6');

exports.default = function () {
  first.next();
  check(second.next(), { 'one state': (n) => n === 2 });
  http.get(`${__ENV.BASE_URL}/health`);
};
