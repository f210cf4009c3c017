// Files of its own.
// requests: 2
const { login } = require('./lib/login.js');
const config = JSON.parse(open('./lib/config.json'));
const { check } = require('k6');

exports.default = function () {
  for (const one of config.users) check(login(one), { 'login works': (r) => r.status === 200 });
};
