/** Types of debian-redis.mjs, for its tests. */
export function unpackDebianRedis(cacheFolder: string, say: (line: string) => void): void;
export function packageOf(library: string, closure: ReadonlySet<string>): string;
