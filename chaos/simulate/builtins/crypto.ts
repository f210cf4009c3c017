/** `node:crypto` of one simulated process: its randomness is that of the seed, and what Node does in threads is done at once. */
import crypto from 'node:crypto';
import type { OwnProcess } from '../programs/own-process.ts';
import { NotSimulated } from '../errors.ts';

type Done<Value> = (error: Error | null, value: Value) => void;

export function cryptoOf(process: OwnProcess) {
  const random = process.machine.random.fork(`crypto ${process.pid}`);
  const later = <Value>(done: Done<Value>, value: Value): void => {
    process.hold();
    process.nextEvent(() => {
      process.release();
      done(null, value);
    });
  };
  const fill = <Target extends ArrayBufferView | ArrayBuffer>(
    target: Target,
    offset = 0,
    size?: number,
  ): Target => {
    const bytes = ArrayBuffer.isView(target)
      ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
      : new Uint8Array(target);
    const end = size === undefined ? bytes.length : offset + size;
    for (let at = offset; at < end; at += 1) bytes[at] = random.integer(0, 255);
    return target;
  };
  const randomBytes = (size: number, done?: Done<Buffer>): Buffer | undefined => {
    const bytes = fill(Buffer.alloc(size));
    if (done === undefined) return bytes;
    later(done, bytes);
    return undefined;
  };
  const randomInt = (low: number, high?: number | Done<number>, done?: Done<number>): number | undefined => {
    const [minimum, above] = typeof high === 'number' ? [low, high] : [0, low];
    const value = random.integer(minimum, above - 1);
    const callback = typeof high === 'function' ? high : done;
    if (callback === undefined) return value;
    later(callback, value);
    return undefined;
  };
  const inThread =
    <Args extends unknown[], Value>(now: (...args: Args) => Value) =>
    (...args: [...Args, Done<Value>]): void =>
      later(args.at(-1) as Done<Value>, now(...(args.slice(0, -1) as Args)));
  const webcrypto = {
    getRandomValues: <Target extends ArrayBufferView>(target: Target) => fill(target),
    randomUUID: () => random.uuid(),
    get subtle(): never {
      throw new NotSimulated('crypto.subtle, whose work is done in threads');
    },
  };
  return {
    ...crypto,
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomFillSync: fill,
    randomFill: (target: ArrayBufferView, done: Done<ArrayBufferView>) => later(done, fill(target)),
    randomInt,
    randomUUID: () => random.uuid(),
    getRandomValues: webcrypto.getRandomValues,
    pbkdf2: inThread(crypto.pbkdf2Sync),
    scrypt: inThread((password: string, salt: string, length: number) =>
      crypto.scryptSync(password, salt, length),
    ),
    webcrypto,
  };
}
