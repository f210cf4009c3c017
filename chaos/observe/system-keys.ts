/**
 * Which keys of Redis the system under test uses. In a Redis that is not the harness's own, only these are read and deleted.
 */
const families =
  /^(?:lease:)?(?:(?:city|general|nation|session):by(?:Id|No)|(?:cities|generals|nations):(?:list|nation)|(?:auction|battle|city|nation|session|tournament):lock):/;
const fixed = new Set(['cache:epoch', 'sync:queue', 'sync:dead', 'daemons:heartbeats']);
const resultsPrefix = 'sync:results:';

export function isSystemKey(key: string): boolean {
  return fixed.has(key) || key.startsWith(resultsPrefix) || families.test(key);
}
