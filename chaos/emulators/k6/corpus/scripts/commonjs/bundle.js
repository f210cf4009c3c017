// What a bundler puts together: its own little loader around modules.
// requests: 2
(() => {
  'use strict';
  var __modules = {
    11: (module) => {
      module.exports = require('k6/http');
    },
    12: (module) => {
      module.exports = require('k6');
    },
    13: (module, exports, load) => {
      load.d(exports, { run: () => run });
      var http = load(11);
      var k6 = load(12);
      function run() {
        var answers = http.batch([
          ['GET', `${__ENV.BASE_URL}/health`],
          ['GET', `${__ENV.BASE_URL}/page`],
        ]);
        k6.check(answers, { both: (list) => list.length === 2 && list[0].status === 200 });
      }
    },
  };
  var cache = {};
  function load(id) {
    if (cache[id] !== undefined) return cache[id].exports;
    var module = (cache[id] = { exports: {} });
    __modules[id](module, module.exports, load);
    return module.exports;
  }
  load.d = (exports, getters) => {
    for (var key in getters) Object.defineProperty(exports, key, { enumerable: true, get: getters[key] });
  };
  var entry = {};
  load.d(entry, { default: () => main, options: () => options });
  const options = { vus: 1, iterations: 1 };
  const main = () => load(13).run();
  var target = exports;
  for (var key in entry) target[key] = entry[key];
  Object.defineProperty(target, '__esModule', { value: true });
})();
