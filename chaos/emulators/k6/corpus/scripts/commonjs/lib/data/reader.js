// Opens a file beside itself.
const text = open('./numbers.txt');
exports.numbers = text.trim().split(',').map(Number);
