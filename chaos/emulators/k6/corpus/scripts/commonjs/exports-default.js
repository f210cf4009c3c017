// As compilers write modules.
// requests: 2
'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
exports.options = exports.default = void 0;
var http_1 = require('k6/http');
var k6_1 = require('k6');
exports.options = { vus: 2, iterations: 2, thresholds: { checks: ['rate==1'] } };
function default_1() {
  var res = http_1.get(__ENV.BASE_URL + '/items/1');
  (0, k6_1.check)(res, {
    'has id': function (r) {
      return r.json('id') === 1;
    },
  });
}
exports.default = default_1;
