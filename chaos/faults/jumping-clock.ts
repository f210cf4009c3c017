/**
 * Loaded before a process of the target (`--import`): a wall clock that can jump while the process runs. SIGUSR2 makes it jump by the
 * `offsetMs` of this module's URL, SIGHUP makes it jump back; with `when=atStart` it is wrong by that from the start. The monotonic clock and timers go on undisturbed, as they do when an
 * administrator or NTP sets the time of a machine.
 */
import { writeSync } from 'node:fs';
import { jumpLine } from './jump-line.ts';

const settings = new URL(import.meta.url).searchParams;
const jumpMs = Number(settings.get('offsetMs'));
const stdout = 1;
const RealDate = Date;
let offsetMs = 0;

function shiftedNow(): number {
  return RealDate.now() + offsetMs;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [shiftedNow()] : given, newTarget),
  apply: () => new RealDate(shiftedNow()).toString(),
  get: (target, key) => (key === 'now' ? shiftedNow : Reflect.get(target, key)),
});

function jump(): void {
  offsetMs = jumpMs;
  writeSync(stdout, `${jumpLine(jumpMs)}\n`);
}

if (settings.get('when') === 'atStart') jump();
process.on('SIGUSR2', jump);
process.on('SIGHUP', () => (offsetMs = 0));
