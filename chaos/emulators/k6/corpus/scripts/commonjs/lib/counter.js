// Has a state, and is loaded once.
let count = 0;
module.exports = {
  next() {
    count += 1;
    return count;
  },
};
