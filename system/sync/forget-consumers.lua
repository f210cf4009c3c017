-- Forgets consumers that have nothing pending and have not asked for long: processes that were killed. In one script, as a consumer
-- that was paused may take entries at any moment, and those would be lost with it.
-- KEYS[1] the stream. ARGV: group, longest silence in ms, the caller, which is never forgotten.
local forgotten = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for index = 1, #consumer, 2 do fields[consumer[index]] = consumer[index + 1] end
  if fields.name ~= ARGV[3] and fields.pending == 0 and fields.idle > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields.name)
    forgotten = forgotten + 1
  end
end
return forgotten
