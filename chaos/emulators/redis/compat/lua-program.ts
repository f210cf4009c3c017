/**
 * Programs in Lua at random: a list of results, each of an expression or a few statements that may fail. Every result is turned into text,
 * errors too, so that both interpreters have to agree on values, formats, places and names in messages.
 */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';

export function luaProgram(random: Random): Bytes {
  const results = random.integer(1, 5);
  const parts = Array.from({ length: results }, () => result(new Expressions(random)));
  return `local r = {}\nlocal function text(...)\n local t = {}\n for i = 1, select('#', ...) do t[i] = tostring((select(i, ...))) end\n return table.concat(t, ' ')\nend\n${parts.join('\n')}\nreturn r`;
}

function result(make: Expressions): string {
  const { random } = make;
  switch (random.integer(0, 3)) {
    case 0:
      return `r[#r + 1] = text(pcall(function()\n local a, b, s, t = ${make.number(2)}, ${make.number(1)}, ${make.text(1)}, ${make.table(1)}\n${make.statements(random.integer(1, 4))} return ${make.any(2)}\nend))`;
    case 1:
      return `r[#r + 1] = text(pcall(function()\n local a, b, s, t = 3, 0.5, 'text', {1, 2, x = 'y'}\n return ${make.any(3)}, ${make.any(2)}\nend))`;
    case 2:
      return `r[#r + 1] = text(pcall(function()\n local a, b, s, t = 1, 2, 'abc', {3, 1, 2}\n return ${random.pick(snippets)}\nend))`;
    default:
      return `do local a, b, s, t = 7, -2, 'x1y22z', {k = 1, 'p', 'q'}\n r[#r + 1] = text(pcall(${make.callable()}, ${make.any(1)}, ${make.any(1)})) end`;
  }
}

/** Calls that no grammar below makes by itself. */
const snippets: readonly string[] = [
  "(function(...) return select('#', ...), ... end)(1, nil, 3, nil)",
  '(function() local x = 0 for i = 10, 1, -3 do x = x * 2 + i end return x end)()',
  "(function() local o = {} for k, v in pairs({10, 20, 30, a = 1, b = 2, c = 3, [1.5] = 4}) do o[#o + 1] = tostring(k) .. '=' .. tostring(v) end return table.concat(o, ' ') end)()",
  "(function() local o = {} for k in pairs({zeta = 1, alpha = 2, mu = 3, nu = 4, xi = 5, pi = 6, rho = 7}) do o[#o + 1] = k end return table.concat(o, ',') end)()",
  '(function() local t = {} for i = 1, 20 do t[i] = (i * 7) % 11 end table.sort(t, function(x, y) return x > y end) return unpack(t) end)()',
  "(function() local t = {'pear', 'fig', 'apple'} table.sort(t) return table.concat(t, ';') end)()",
  '(function() local c = coroutine.wrap(function(x) local y = coroutine.yield(x + 1) return y * 2 end) return c(1), c(10) end)()',
  "(function() local c = coroutine.create(function() error('inside') end) local ok, e = coroutine.resume(c) return ok, e, coroutine.status(c) end)()",
  "(function() local m = setmetatable({}, {__index = function(t, k) return k .. '!' end, __call = function(self, x) return x * 2 end}) return m.foo, m(21), m[1] end)()",
  "(function() local v = setmetatable({n = 1}, {__add = function(x, y) return (type(x) == 'table' and x.n or x) + (type(y) == 'table' and y.n or y) end, __concat = function() return 'joined' end, __lt = function() return true end, __eq = function() return true end, __len = function() return 9 end, __unm = function() return 'neg' end}) return v + 1, 2 + v, v .. 's', v < v, -v, #v end)()",
  "(function() local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v .. 'x') end}) t.a = 'b' return t.a, rawget(t, 'a'), rawequal(t, t) end)()",
  "string.format('%5.2f|%-6d|%05d|%x|%X|%o|%e|%g|%s|%q|%%|%c', 3.14159, 42, 42, 255, 255, 8, 12345.678, 1e20, 'str', 'q\"\\n\\0z', 65)",
  "string.format('%s %s %s', nil, true, 1.5)",
  "string.format('%d', 'x')",
  "string.format('%10.3s|%-10s|', 'abcdef', 'left')",
  "string.gsub('hello world', 'o', '0')",
  "string.gsub('hello world', '(%w+)', '<%1>')",
  "string.gsub('abc', '%w', {a = '1', b = true, c = false})",
  "string.gsub('abc', '', '-')",
  "string.gsub('hello', 'l', function(c) return c:upper() end, 1)",
  "string.find('a.b.c', '.', 1, true), string.find('a.b.c', '%.'), string.find('abc', 'b', -1)",
  "string.match('key = value', '^(%w+)%s*=%s*(%w+)$')",
  "string.match('[[nested]]', '%b[]'), string.match('THE (quick) fox', '%((%a+)%)'), string.match('x', '()')",
  "string.find('abc', '[a-')",
  "string.gsub('x', '(', '')",
  "(function() local o = {} for k, v in string.gmatch('a=1, b=2', '(%w+)=(%w+)') do o[#o + 1] = k .. v end return table.concat(o) end)()",
  "string.byte('abc', 1, -1)",
  "string.char(72, 105), string.rep('ab', 3), string.reverse('abc'), string.lower('ABC'), string.len('\\0\\0')",
  "string.sub('hello', -3), string.sub('hello', 2, -2), string.sub('hello', 10), string.sub('hello', 0)",
  "tonumber('0x1F'), tonumber('  12  '), tonumber('1e1'), tonumber('abc', 16), tonumber('zz', 36), tonumber(''), tonumber('1 2'), tonumber('8', 8)",
  'tostring(1e15), tostring(1e14), tostring(123456789012345), tostring(0.1), tostring(-0.0), tostring(1/0), tostring(0/0 ~= 0/0), tostring(2^53)',
  'math.floor(-3.5), math.ceil(-3.5), math.fmod(7, -3), -7 % 3, 7 % -3, math.max(1, 5, 3), math.min(2, -1), math.abs(-4), math.sqrt(16), math.pow(2, 10), math.modf(3.7)',
  'math.frexp(10), math.ldexp(0.5, 4), math.log(1), math.log10(1000), math.exp(0), math.deg(math.pi), math.rad(180)',
  '(function() math.randomseed(7) return math.random(10), math.random(5, 6), math.random() end)()',
  "table.concat({1, 2, 'x'}, '-', 2, 3), table.concat({}), table.maxn({1, 2, [10] = 3}), #{1, 2, nil, 4}",
  '(function() local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) local x = table.remove(t) local y = table.remove(t, 1) return x, y, #t, unpack(t) end)()',
  'table.concat({1, {}, 3})',
  'table.insert({1, 2}, 1, 2, 3)',
  'unpack({1, 2, 3}, 2), unpack({}, 1, 2)',
  'next({}), next({1}), type(next), select(-1, 1, 2, 3)',
  "cjson.encode({1, 2, 3}), cjson.encode({a = 1}), cjson.encode({}), cjson.encode('q\"\\n\\1é'), cjson.encode(1.5), cjson.encode({[1] = 1, [3] = 3})",
  'cjson.encode({[1] = 1, [100] = 2})',
  'cjson.encode(function() end)',
  'cjson.encode({x = {y = {z = {1, {2}}}}})',
  'cjson.decode(\'{"a": [1, 2.5, true, null, "x\\\\u0041"]}\').a[5]',
  "cjson.decode('[1, 2')",
  'cjson.decode(\'{"a" 1}\')',
  "cjson.decode('nul')",
  "cjson.decode('[1e5, -0, 0.1, 12345678901234567890]')[4]",
  "cjson.null == cjson.decode('null'), type(cjson.null), tostring(cjson.null)",
  "cmsgpack.unpack(cmsgpack.pack({1, 'a', true, {x = 1}}))[2], #cmsgpack.pack(1e10, 'x', -5, 3.5)",
  "cmsgpack.unpack('\\193')",
  "cmsgpack.unpack_one('\\1\\2\\3'), cmsgpack.unpack_limit('\\1\\2\\3', 2)",
  "struct.unpack('>I2hBz', struct.pack('>I2hBz', 258, -2, 255, 'end'))",
  "struct.size('i4i8'), struct.pack('<i4', 5) == '\\5\\0\\0\\0', struct.unpack('s', 'no end')",
  'bit.band(255, 15), bit.bor(1, 2, 4), bit.bxor(5, 3), bit.bnot(0), bit.lshift(1, 31), bit.rshift(-1, 28), bit.arshift(-8, 1), bit.rol(1, 33), bit.tohex(255), bit.tohex(-1, 4), bit.tobit(2^32 + 5), bit.bswap(1)',
  "bit.band('x')",
  'loadstring("return 1 + 1")()',
  'loadstring("return +")',
  'pcall(loadstring, nil)',
  'pcall(error, {code = 5}) and 1 or 2',
  "select('x', 1)",
  'setmetatable(1, {})',
  "getmetatable('').__index == string",
  "(function() local function f(n) if n == 0 then return 'end' end return f(n - 1) end return f(1000) end)()",
  '(function() local function f(n) return 1 + f(n + 1) end return f(1) end)()',
  "xpcall(function() error('deep') end, function(e) return 'handled ' .. e end)",
  '(function() local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2]() end)()',
  '(function() local x <close> = 1 end)()',
  'assert(false)',
  "assert(nil, 'said')",
  'assert(1, 2, 3)',
  'type(), 1',
  'rawset(1, 2, 3)',
  '#5',
  "('x'):bad()",
  '({}).x.y',
  'nothing.x',
  "string.rep('x', -1) == ''",
  'tostring()',
  'ipairs()',
  'a.b.c',
  't.x.y.z',
  's.x.y',
  't + 1',
  's + 1',
  "'10' + 5, '0x10' * 2, '3' ^ 2, -'2'",
  "1 < 'x'",
  '{} < {}',
  't .. s',
  'nil .. s',
  't()',
  's.upper(5)',
  "('%d'):format(3.99)",
  "redis.call('get')",
  'redis.sha1hex()',
  "redis.sha1hex('x')",
  "tostring(redis.error_reply('x').err), tostring(redis.status_reply('y').ok)",
  'string.dump and 1 or 2, os.clock and 1 or 2, io == nil, require == nil, print == nil, dofile == nil',
];

/** Expressions over the locals a and b (numbers), s (a text) and t (a table). */
class Expressions {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  any(depth: number): string {
    switch (this.random.integer(0, 6)) {
      case 0:
      case 1:
        return this.number(depth);
      case 2:
      case 3:
        return this.text(depth);
      case 4:
        return this.truth(depth);
      case 5:
        return this.random.pick(['nil', 't[1]', 't.x', 't[2]', '#t', 't.none', 'type(t)', 'type(s)']);
      default:
        return `(${this.any(depth - 1 < 0 ? 0 : depth - 1)} ${this.random.pick(['and', 'or'])} ${this.number(0)})`;
    }
  }

  number(depth: number): string {
    const { random } = this;
    if (depth <= 0 || random.next() < 0.25) {
      return random.pick([
        '1',
        '2',
        '-3',
        '0',
        '0.5',
        '10',
        '1e3',
        '0x1f',
        '7.25',
        '255',
        '1e15',
        '100000000000000',
        '3.0',
        'a',
        'b',
      ]);
    }
    const left = this.number(depth - 1);
    const right = this.number(depth - 1);
    switch (random.integer(0, 8)) {
      case 0:
        return `(${left} ${random.pick(['+', '-', '*'])} ${right})`;
      case 1:
        return `(${left} ${random.pick(['/', '%', '^'])} ${right})`;
      case 2:
        return `-(${left})`;
      case 3:
        return `#${this.text(0)}`;
      case 4:
        return `math.${random.pick(['floor', 'ceil', 'abs'])}(${left})`;
      case 5:
        return `math.${random.pick(['max', 'min'])}(${left}, ${right})`;
      case 6:
        return `tonumber(${this.text(depth - 1)})`;
      case 7:
        return `bit.${random.pick(['band', 'bor', 'bxor', 'lshift', 'rshift'])}(${left}, ${right})`;
      default:
        return `string.len(${this.text(depth - 1)})`;
    }
  }

  text(depth: number): string {
    const { random } = this;
    if (depth <= 0 || random.next() < 0.25) {
      return random.pick([
        "'abc'",
        "'12'",
        "'0x10'",
        "''",
        "'a b'",
        '"q\\"uote"',
        "'\\65\\n\\0'",
        '[[long]]',
        "'3.5'",
        's',
      ]);
    }
    const inner = this.text(depth - 1);
    switch (random.integer(0, 8)) {
      case 0:
        return `(${inner} .. ${this.any(depth - 1)})`;
      case 1:
        return `tostring(${this.number(depth - 1)})`;
      case 2:
        return `string.sub(${inner}, ${this.number(0)}, ${this.number(0)})`;
      case 3:
        return `string.${random.pick(['upper', 'lower', 'reverse'])}(${inner})`;
      case 4:
        return `string.format('%${random.pick(['d', '5d', '.3f', 'g', 'x', 's', '10s', 'q', '.14g', 'i', 'u', 'c'])}', ${this.any(depth - 1)})`;
      case 5:
        return `(string.gsub(${inner}, ${random.pick(["'%w'", "'.'", "'b'", "'(a)'", "'%d+'", "'[^a]'", "'^a'", "'c$'"])}, ${random.pick(["'x'", "'<%0>'", "'%1'", '{a = 1}'])}))`;
      case 6:
        return `table.concat(${this.table(depth - 1)}, ',')`;
      case 7:
        return `cjson.encode(${this.any(depth - 1)})`;
      default:
        return `string.rep(${inner}, ${random.integer(0, 3)})`;
    }
  }

  truth(depth: number): string {
    const { random } = this;
    if (depth <= 0) return random.pick(['true', 'false', 'nil == nil', 'not t']);
    const operator = random.pick(['==', '~=', '<', '<=', '>', '>=']);
    switch (random.integer(0, 3)) {
      case 0:
        return `(${this.number(depth - 1)} ${operator} ${this.number(depth - 1)})`;
      case 1:
        return `(${this.text(depth - 1)} ${operator} ${this.text(depth - 1)})`;
      case 2:
        return `not ${this.any(depth - 1)}`;
      default:
        return `(${this.any(depth - 1)} ${operator} ${this.any(depth - 1)})`;
    }
  }

  table(depth: number): string {
    const { random } = this;
    const items = Array.from({ length: random.integer(0, 4) }, () =>
      random.pick([
        this.number(depth - 1),
        this.text(depth - 1),
        `x = ${this.number(0)}`,
        `['k${random.integer(0, 3)}'] = ${this.text(0)}`,
      ]),
    );
    return `{${items.join(', ')}}`;
  }

  callable(): string {
    return this.random.pick([
      'tostring',
      'tonumber',
      'type',
      'string.sub',
      'string.byte',
      'math.floor',
      'math.max',
      'math.fmod',
      'table.concat',
      'table.insert',
      'table.remove',
      'select',
      'unpack',
      'next',
      'pairs',
      'ipairs',
      'rawget',
      'rawlen',
      'setmetatable',
      'error',
      'assert',
      'cjson.decode',
      'cmsgpack.unpack',
      'struct.unpack',
      'bit.lshift',
      'string.format',
      'string.find',
      'string.gsub',
      'redis.sha1hex',
      'loadstring',
      's.x',
      't.k',
      'a',
    ]);
  }

  statements(count: number): string {
    return Array.from({ length: count }, () => ` ${this.statement()}\n`).join('');
  }

  statement(): string {
    const { random } = this;
    switch (random.integer(0, 9)) {
      case 0:
        return `a = ${this.number(2)}`;
      case 1:
        return `t[${random.pick(['1', '#t + 1', "'k1'", 's', '2', '-1', '1.5'])}] = ${this.any(1)}`;
      case 2:
        return `if ${this.truth(2)} then s = ${this.text(1)} else b = ${this.number(1)} end`;
      case 3:
        return `for i = ${random.pick(['1', '0.5', '10', "'2'", '-3', 't'])}, ${random.pick(['5', '3', '0', '10', "'4'", 'nil'])}${random.pick(['', ', 2', ', -1', ', 0.3'])} do b = b + i if b > 100 then break end end`;
      case 4:
        return `for k, v in pairs(t) do s = s .. tostring(k) .. tostring(v) end`;
      case 5:
        return `local n = 0 while n < 3 do n = n + 1 a = a + n end`;
      case 6:
        return `local m = 0 repeat local q = b b = b + 1 m = m + 1 until q > ${random.integer(0, 5)} or m > 5`;
      case 7:
        return `a, b = b, a`;
      case 8:
        return `local function f(x, ...) return ${random.pick(['x', '...', 'x, ...', '(...)', "select('#', ...)"])} end s = text(f(${this.any(1)}, ${this.any(1)}))`;
      default:
        return `table.sort(t)`;
    }
  }
}
