-- Stores a value that was loaded from the database, or was just made durable there, unless that could bring back an older one.
-- KEYS[1] the entry. ARGV: value, version (0: none), TTL in ms, token of the lease.
-- A newer version replaces an older one at any time. Where nothing is stored, or versions do not tell, only the holder of
-- the lease may store: every save and invalidation takes the lease away, so the holder of a lease has seen no change since.
local lease = 'lease:' .. KEYS[1]
local mine = redis.call('GET', lease) == ARGV[4]
local version = tonumber(ARGV[2])
local current = redis.call('GET', KEYS[1])
if current and version > 0 then
  local stored = tonumber(string.match(current, '"version":(%d+)'))
  if stored and stored >= version then
    if mine then redis.call('DEL', lease) end
    return 0
  end
elseif not mine then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('DEL', lease)
return 1
