// open() looks beside the module that calls it while that module is loaded.
// requests: 3
const { numbers } = require('./lib/data/reader.js');
const http = require('k6/http');
const { check } = require('k6');

exports.default = function () {
  for (const id of numbers)
    check(http.get(`${__ENV.BASE_URL}/items/${id}`), { found: (r) => r.json('id') === id });
};
