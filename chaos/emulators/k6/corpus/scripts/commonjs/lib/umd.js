// A bundle for every kind of loader.
(function (root, factory) {
  if (typeof exports === 'object' && typeof module === 'object') module.exports = factory();
  else if (typeof define === 'function' && define.amd) define([], factory);
  else if (typeof exports === 'object') exports['tools'] = factory();
  else root['tools'] = factory();
})(this, function () {
  return {
    chunk: function (list, size) {
      var chunks = [];
      for (var i = 0; i < list.length; i += size) chunks.push(list.slice(i, i + size));
      return chunks;
    },
  };
});
