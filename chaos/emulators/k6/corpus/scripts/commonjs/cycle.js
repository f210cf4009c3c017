// Modules that require one another see what there is.
// requests: 1
const a = require('./lib/cycle-a.js');
const http = require('k6/http');
const { check } = require('k6');

exports.default = () => {
  check(a, { 'saw the half made one': (one) => one.seen === true });
  http.get(`${__ENV.BASE_URL}/health`);
};
