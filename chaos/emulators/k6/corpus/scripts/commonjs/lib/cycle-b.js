const a = require('./cycle-a.js');
exports.sawEarly = a.early === true && a.seen === undefined;
