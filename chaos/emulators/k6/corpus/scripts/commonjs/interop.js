// With the functions that Babel adds.
// requests: 1
'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
exports['default'] = _default;
var _http = _interopRequireDefault(require('k6/http'));
var _k = require('k6');
function _interopRequireDefault(e) {
  return e && e.__esModule ? e : { default: e };
}
function _default() {
  (0, _k.check)(_http['default'].get(''.concat(__ENV.BASE_URL, '/page')), {
    'is html': function (r) {
      return r.headers['Content-Type'].indexOf('text/html') === 0;
    },
  });
}
