const http = require('k6/http');
exports.login = (user) => http.post(`${__ENV.BASE_URL}/login`, user);
