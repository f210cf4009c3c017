/** Types of redis-program.mjs, which stays plain JavaScript for the set-up. */
export type RedisProgram =
  | {
      readonly found: true;
      /** Path of the server program. */
      readonly program: string;
      /** To be added to the environment of the process; empty unless the program's libraries were unpacked with it. */
      readonly environment: Readonly<Record<string, string>>;
      readonly version: string;
      /** `PATH`, the folder in the cache, or the variable that named it. */
      readonly source: string;
    }
  | { readonly found: false; readonly field: string | undefined; readonly reason: string };

export interface FindRedisOptions {
  /** Where the set-up unpacks Debian's package, in `redis/`. */
  readonly cacheFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function findRedisProgram(options: FindRedisOptions): RedisProgram;
export function onPath(name: string, searchPath: string): string | undefined;
