exports.early = true;
const b = require('./cycle-b.js');
exports.seen = b.sawEarly;
