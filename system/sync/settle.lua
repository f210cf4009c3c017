-- Tells Redis what became of a save: the queue entry is done, the cache has the durable value or nothing, lists are dropped.
-- KEYS[1] the stream, KEYS[2…1+n] the entity's cache entries, the rest lists. ARGV: group, entry id ('' for none), n, 'applied' or
-- 'refused', document, its version, TTL in ms, write id (the token of the lease taken with the save), version it was made from.
local entries = tonumber(ARGV[3])
local version = tonumber(ARGV[6])
for index = 2, 1 + entries do
  local key = KEYS[index]
  local lease = 'lease:' .. key
  local mine = redis.call('GET', lease) == ARGV[8]
  local current = redis.call('GET', key)
  local stored = current and tonumber(string.match(current, '"version":(%d+)'))
  if ARGV[4] == 'applied' then
    if (stored and stored < version) or (not current and mine) then
      local answer = redis.pcall('SET', key, ARGV[5], 'PX', ARGV[7])
      -- Redis is full: then the entry must at least not stay behind the database.
      if answer.err then redis.call('DEL', key) end
    elseif current and not stored then
      redis.call('DEL', key)
    end
  elseif current and (not stored or stored <= tonumber(ARGV[9])) then
    -- The save was refused, so what it was made from may have come from here and be old.
    redis.call('DEL', key)
  end
  -- Whoever reads the database for this key right now may have read what the save replaced.
  if mine or ARGV[4] == 'applied' then redis.call('DEL', lease) end
end
for index = 2 + entries, #KEYS do redis.call('DEL', KEYS[index], 'lease:' .. KEYS[index]) end
if ARGV[2] ~= '' then
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
  redis.call('XDEL', KEYS[1], ARGV[2])
end
return 1
