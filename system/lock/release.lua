-- Frees a lock for its holder only: it may have expired and be another's by now.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
