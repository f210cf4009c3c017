// The whole life of a test.
// requests: 4
const http = require('k6/http').default || require('k6/http');
const { check } = require('k6');

exports.options = { iterations: 2 };
exports.setup = function () {
  return {
    id: http.post(`${__ENV.BASE_URL}/items`, JSON.stringify({ name: 'common', price: 1 })).json('id'),
  };
};
exports.default = function (data) {
  check(http.get(`${__ENV.BASE_URL}/items/${data.id}`), { 'made before': (r) => r.status === 200 });
};
exports.teardown = function (data) {
  http.del(`${__ENV.BASE_URL}/items/${data.id}`);
};
