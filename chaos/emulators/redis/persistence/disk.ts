/**
 * The folder that a server keeps its files in, as an interface, so that a simulation can lose what was not synced and tear what was being
 * written. Names are relative to the folder and may have one level of folders. All calls end before they return.
 */
import type { Bytes } from '../bytes/byte-string.ts';

export interface Disk {
  /** Undefined when there is no such file. */
  read(name: string): Bytes | undefined;
  /** A file with these contents, in place of one that may be there; not durable before it is synced. */
  write(name: string, contents: Bytes): void;
  append(name: string, contents: Bytes): void;
  /** Makes what was written durable. */
  sync(name: string): void;
  /** The same, beside other work; `done` is called later, with the error if there was one. */
  syncInBackground(name: string, done: (error: Error | undefined) => void): void;
  /** Takes the place of `to`; durable as soon as it is done. */
  rename(from: string, to: string): void;
  /** A file that is not there is no error. */
  remove(name: string): void;
  truncate(name: string, length: number): void;
}
