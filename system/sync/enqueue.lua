-- Puts a save into the sync queue and takes the leases of its cache entries, so that no reader stores the value that it replaces.
-- KEYS[1] the stream, KEYS[2…] the entity's cache entries. ARGV: longest queue, version the change was made from, write id,
-- lease in ms (0: none), envelope, document.
-- Values in the cache are durable, so a newer one there proves that the change was made from an old version.
for index = 2, #KEYS do
  local current = redis.call('GET', KEYS[index])
  if current then
    local stored = tonumber(string.match(current, '"version":(%d+)'))
    if stored and stored > tonumber(ARGV[2]) then return 'conflict' end
  end
end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return 'full' end
if tonumber(ARGV[4]) > 0 then
  for index = 2, #KEYS do redis.call('SET', 'lease:' .. KEYS[index], ARGV[3], 'PX', ARGV[4]) end
end
return redis.call('XADD', KEYS[1], '*', 'envelope', ARGV[5], 'document', ARGV[6])
