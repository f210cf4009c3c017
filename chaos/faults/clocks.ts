/** Faults of the wall clocks of the target's processes: one that jumps, and one that is wrong by a constant. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { TargetProcess } from '../api/context.ts';
import { defineFault, type Fault, onlyOnce, runningWithRole } from '../api/fault.ts';
import { ownModule } from '../setup/own-files.mjs';
import { until } from '../until.ts';
import { jumpLine } from './jump-line.ts';

const victim = z.int().nonnegative();

/** The option of Node.js by which the clock of a process can be set, as it starts or later by a signal. */
function clockHook(offsetMs: number, when: 'atStart' | 'later'): string {
  const hook = ownModule('./jumping-clock', import.meta.url);
  hook.searchParams.set('offsetMs', String(offsetMs));
  hook.searchParams.set('when', when);
  return `--import=${hook.href}`;
}

async function hasSaid({ logFile }: TargetProcess, offsetMs: number): Promise<boolean> {
  return (await readFile(logFile, 'utf8')).includes(jumpLine(offsetMs));
}

/** A shorter jump could not be told from a process that is late. */
const jumpMinimumMs = 5_000;
const jumpMaximumMs = 30_000;
const jumpSeenWithinMs = 5_000;
const jumpPollMs = 20;

/**
 * The wall clock of one Node.js process jumps, forwards or backwards, and back when the fault is healed. `roles`: of those that work by the clock,
 * where there are some. The clock of a running process cannot be
 * reached from outside, so it is restarted with one that can (`jumping-clock.ts`).
 */
export function clockJump(roles: readonly string[]): Fault {
  return defineFault({
    name: 'clock-jump',
    title: 'The clock of one process jumps (Node.js only)',
    needs: [],
    breaks: roles,
    proofNeeds: ['mongo', 'redis'],
    parameters: z.strictObject({
      offsetMs: z.int().refine((offsetMs) => Math.abs(offsetMs) >= jumpMinimumMs, {
        message: `must be at least ${jumpMinimumMs} ms, forwards or backwards`,
      }),
      victim,
    }),
    draw: (random) => ({
      offsetMs: random.pick([-1, 1]) * random.integer(jumpMinimumMs, jumpMaximumMs),
      victim: random.integer(0, 9),
    }),
    apply: async ({ processes, clock, signal }, { offsetMs, victim: number }) => {
      const running = roles.flatMap((role) => runningWithRole(processes, role));
      const process = running[number % running.length];
      let jumped = false;
      if (process !== undefined) {
        await process.stop();
        await process.start({ nodeOptions: [clockHook(offsetMs, 'later')] });
        process.signal('SIGUSR2');
        const said = () => hasSaid(process, offsetMs);
        jumped = await until(said, { clock, limitMs: jumpSeenWithinMs, pollMs: jumpPollMs, signal });
      }
      return {
        effect: () =>
          Promise.resolve({
            observed: jumped,
            evidence:
              process === undefined
                ? 'no process whose clock could jump was running'
                : jumped
                  ? `${process.name} reported that its clock had jumped by ${offsetMs} ms`
                  : `${process.name} did not report within ${jumpSeenWithinMs} ms that its clock had jumped; only Node.js processes can`,
            measures: { offsetMs },
          }),
        heal: onlyOnce(() => {
          if (jumped) process?.signal('SIGHUP');
          return Promise.resolve();
        }),
      };
    },
  });
}

/** Clocks of hosts that are synchronised badly; less is within what the synchronisation of good ones allows. */
const skewMs = { least: 300, most: 5_000 };

/**
 * The wall clock of one Node.js process is wrong by a constant, from its start to the end of the cell, as that of a host that is not synchronised. Applied
 * to a target that runs already, it starts one process again with such a clock.
 */
export const clockSkew: Fault = defineFault({
  name: 'clock-skew',
  title: 'The clock of one process is wrong by a constant (Node.js only)',
  needs: [],
  breaks: ['clock'],
  proofNeeds: [],
  wholeLoad: true,
  parameters: z.strictObject({ offsetMs: z.int(), victim }),
  draw: (random) => ({
    offsetMs: random.pick([-1, 1]) * random.integer(skewMs.least, skewMs.most),
    victim: random.integer(0, 99),
  }),
  nodeOptionsAtStart: ({ offsetMs, victim: number }, names) => {
    const name = names[number % names.length];
    return name === undefined ? new Map() : new Map([[name, [clockHook(offsetMs, 'atStart')]]]);
  },
  apply: async ({ processes, clock, signal }, { offsetMs, victim: number }) => {
    const process = processes.all[number % processes.all.length];
    const said = async () => process !== undefined && (await hasSaid(process, offsetMs));
    const fromStart = await said();
    if (process !== undefined && !fromStart) {
      await process.stop();
      await process.start({ nodeOptions: [clockHook(offsetMs, 'atStart')] });
    }
    const isWrong = await until(said, { clock, limitMs: jumpSeenWithinMs, pollMs: jumpPollMs, signal });
    return {
      effect: () =>
        Promise.resolve({
          observed: isWrong,
          evidence: isWrong
            ? `${process?.name} reported that its clock is wrong by ${offsetMs} ms`
            : 'no process reported that its clock is wrong; only Node.js processes can',
          measures: { offsetMs },
        }),
      heal: onlyOnce(async () => {
        if (process === undefined || fromStart) return;
        await process.stop();
        await process.start();
      }),
    };
  },
});
