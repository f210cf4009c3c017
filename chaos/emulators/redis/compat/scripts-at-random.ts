/** Scripts at random: programs of all that the language and its libraries have, whose results and errors have to be the same. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { luaProgram } from './lua-program.ts';
import { vocabulary } from './vocabulary.ts';

/** Scripts that work on keys and arguments as those of applications do. */
const keyScripts: readonly Bytes[] = [
  "return redis.call('get', KEYS[1])",
  "return redis.call('set', KEYS[1], ARGV[1])",
  "return {redis.call('incr', KEYS[1]), redis.call('get', KEYS[1])}",
  "return redis.pcall('incr', KEYS[1])",
  "local r = redis.pcall('lpush', KEYS[1], ARGV[1]) if type(r) == 'table' and r.err then return r.err end return r",
  "redis.call('set', KEYS[1], 'x') return redis.call('incr', KEYS[1])",
  "return redis.call('zadd', KEYS[2], 1.5, ARGV[1])",
  "return redis.call('zscore', KEYS[2], ARGV[1])",
  "redis.setresp(3) return redis.call('zscore', KEYS[2], ARGV[1])",
  "redis.setresp(3) local h = redis.call('hgetall', 'h1') return {type(h.map), h.map and h.map.f1 or 'none'}",
  "return redis.call('lrange', 'l1', 0, -1)",
  "return redis.call('hmget', 'h1', 'f1', 'f2', 'f3')",
  'return KEYS',
  'return ARGV',
  'return #KEYS + #ARGV',
  "return redis.status_reply('FINE')",
  "return redis.error_reply('MY error')",
  "return redis.error_reply('-MY error')",
  "return {err = 'plain'}",
  "return {ok = 'well'}",
  'return {1, 2, nil, 4}',
  'return {1, {2, {3, 4}}, "five", true, false, 6.9}',
  "return redis.sha1hex(ARGV[1] or '')",
  "return redis.call('nothing', 1)",
  "return redis.call('get')",
  "return redis.call('get', {})",
  'return redis.call()',
  "return redis.pcall('get', KEYS[1], KEYS[1])",
  "return redis.call('subscribe', 'x')",
  "return redis.call('blpop', KEYS[1], 0)",
  "return redis.call('multi')",
  'return nothing',
  'nothing = 1',
  "error('stop')",
  "error({err = 'MINE stop'})",
  'error()',
  "return redis.call('set', KEYS[1], 1, 'nx', 'xx')",
  "return redis.call('expire', KEYS[1], 3000)",
  "return redis.call('object', 'encoding', KEYS[1])",
  "return redis.acl_check_cmd('set', KEYS[1], 1)",
  "return redis.call('xadd', 'x1', ARGV[1] or '5-1', 'f', 'v')",
  '#!lua flags=no-writes\nreturn redis.call("set", KEYS[1], 1)',
  '#!lua flags=no-writes,allow-stale\nreturn redis.call("get", KEYS[1])',
  '#!lua flags=nothing\nreturn 1',
  '#!python\nreturn 1',
  '#!lua',
  'return redis.REDIS_VERSION_NUM',
  "return redis.set_repl(redis.REPL_NONE) or 'none'",
  "return redis.log(redis.LOG_DEBUG, 'x') or 'logged'",
  'return redis.breakpoint() and 1 or 0',
  "local t = {} for i = 1, 20 do t[i] = redis.call('incrby', KEYS[1], i) end return t",
  "for i = 1, 10 do redis.call('rpush', KEYS[1], i) end return redis.call('llen', KEYS[1])",
  "return cjson.encode(redis.call('lrange', 'l1', 0, -1))",
  "return cmsgpack.pack(redis.call('lrange', 'l1', 0, -1))",
  'x = 5 return x',
  'return (',
  "return 'a' .. 1 .. 2.5",
  'while',
  'local a <const> = 1',
  'goto x',
  "return tostring(redis.call('spop', 'nokey'))",
];

export function scriptCall(random: Random): Bytes[] {
  const keys = [String(vocabulary['string']?.(random)), String(vocabulary['zset']?.(random))];
  const args = [String(vocabulary['member']?.(random)), String(vocabulary['value']?.(random))];
  const isProgram = random.next() < 0.6;
  const body = isProgram ? luaProgram(random) : random.pick(keyScripts);
  const command = random.pick(['eval', 'eval', 'eval', 'eval_ro']);
  return [command, body, String(keys.length), ...keys, ...args];
}

const libraries: readonly Bytes[] = [
  "#!lua name=lib0\nredis.register_function('f0', function(keys, args) return redis.call('set', keys[1], args[1]) end)",
  "#!lua name=lib1\nlocal n = 0 redis.register_function('f1', function(keys, args) n = n + 1 return n end)",
  "#!lua name=lib1\nredis.register_function{function_name='f1', callback=function(keys, args) return keys end, flags={'no-writes'}}",
  "#!lua name=lib2\nredis.register_function{function_name='f2', description='two', callback=function() return redis.call('get', 's1') end, flags={'no-writes', 'allow-oom'}}",
  "#!lua name=lib3\nredis.register_function('f3', function(keys, args) x = 1 end)",
  "#!lua name=lib3\nredis.register_function('f3', function(keys, args) return nothing end)",
  "#!lua name=lib4\nredis.register_function('f4', 'nothing')",
  "#!lua name=lib4\nredis.register_function('f-4', function() end)",
  '#!lua name=lib4\nreturn 1',
  "#!lua name=lib4\nredis.call('get', 'x')",
  "#!lua name=lib4\nerror('no')",
  '#!lua name=lib4\nreturn (',
  '#!lua name=bad-name\nreturn 1',
  '#!python name=x\n',
  '#!lua\n',
  'return 1',
  "#!lua name=lib5\nredis.register_function('f0', function() return 5 end)",
];

export function functionCall(random: Random): Bytes[] {
  switch (random.integer(0, 3)) {
    case 0: {
      const replace = random.next() < 0.6 ? ['replace'] : [];
      return ['function', 'load', ...replace, random.pick(libraries)];
    }
    case 1:
      return ['function', 'list', ...(random.next() < 0.5 ? ['withcode'] : ['libraryname', 'lib[0-2]'])];
    default: {
      const command = random.pick(['fcall', 'fcall_ro']);
      return [command, `f${random.integer(0, 5)}`, '1', String(vocabulary['string']?.(random)), 'argument'];
    }
  }
}
