/** The undisturbed passes of a scenario: they show which calls there are, and that the target is well without any fault. */
import type { Scenario } from '../api/scenario.ts';
import type { StoreName } from '../api/fault.ts';
import type { Trace } from '../../reports/trace/trace.ts';
import { limitsOf } from '../run/limits.ts';
import type { CellPlan } from '../run/plan.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { attribute, type Roles } from './attribution.ts';
import { shapeKey, shapeText } from './call.ts';
import type { CandidateLimits } from './candidates.ts';
import { type Site, siteName, type Sites, sitesOf } from './sites.ts';
import type { Trial } from './trial.ts';

/** Operations seldom overlap at this rate, so that the commands of each can be told from the others'. */
const rateMax = 20;
/** Starting a target takes as long as some seconds of load: a longer one takes more injections for it. */
const durationMinMs = 20_000;

/** The scenario as it is explored: its own script and world, slower, and with any share of errors allowed. */
export function exploredScenario(scenario: Scenario, durationMs: number | undefined): Scenario {
  const { maxErrorRateInPhase: _, ...rest } = scenario;
  const { load } = scenario;
  return {
    ...rest,
    load: {
      ...load,
      ratePerSecond: Math.min(load.ratePerSecond, rateMax),
      durationMs: durationMs ?? Math.max(load.durationMs, durationMinMs),
    },
    maxErrorRate: { default: 1 },
  };
}

/** `number` counts from 1; each pass has a seed of its own, and batches are placed in it under the same seed. */
export function passPlan(scenario: Scenario, seed: string, number: number, mutant: string | null): CellPlan {
  return {
    scenario,
    label: `undisturbed-${number}`,
    seed: `${seed}-${number}`,
    durationMs: scenario.load.durationMs,
    timeline: [],
    mutant,
  };
}

/** Which processes there are, and which of them serve. */
export function rolesOf({ processes }: Pick<LoadedTarget, 'processes'>): Roles {
  return {
    of: (process) => {
      const role = process.replace(/-\d+$/, '');
      return role in processes ? role : undefined;
    },
    serving: new Set(
      Object.entries(processes).flatMap(([name, { port }]) => (port === undefined ? [] : [name])),
    ),
  };
}

export interface Pass {
  readonly seed: string;
  readonly sites: Sites;
  /** Calls that were seen while several operations were under way, and never otherwise. */
  readonly untied: readonly string[];
}

export function readPass({ trace, operations, cell }: Trial, roles: Roles): Pass {
  const calls = attribute(trace, operations, roles);
  const tied = new Set(calls.map(({ shape }) => shapeKey(shape)));
  const all = attribute(trace, [], { of: roles.of, serving: new Set() });
  const untied = new Map(
    all
      .filter(({ shape }) => !tied.has(shapeKey(shape)))
      .map(({ shape }) => [shapeKey(shape), shapeText(shape)]),
  );
  return {
    seed: cell.seed,
    sites: sitesOf(calls, operations, cell.loadStartMs),
    untied: [...untied.values()],
  };
}

/** Stores by which a site can be chosen on the command line, or a part of its name. */
export function siteMatches(site: Site, text: string): boolean {
  const store: StoreName = site.store;
  return store === text || siteName(site).toLowerCase().includes(text.toLowerCase());
}

const lateBeyondDeadlineMs = 500;
const pauseBeyondLockMs = 500;
const startMs = { least: 900, most: 4_000 };
const pauseMs = { least: 1_000, most: 8_000 };

/** How late is too late, and how long outlasts a lock: from the limits of the target, and from the locks it was seen to take. */
export function candidateLimits(
  target: LoadedTarget,
  { cell, trace }: Pick<Trial, 'cell' | 'trace'>,
): CandidateLimits {
  const { requestDeadlineMs, lockTtlMs = 0 } = limitsOf(target);
  const longest = Math.max(lockTtlMs, longestLockMs(trace));
  // All of it was started, seeded and loaded in that time: one process of it takes less.
  const startedMs = cell.loadStartMs - cell.startedMs;
  return {
    startMs: Math.max(startMs.least, Math.min(startMs.most, startedMs / 3)),
    lateMs: requestDeadlineMs + lateBeyondDeadlineMs,
    pauseMs: Math.max(pauseMs.least, Math.min(pauseMs.most, longest + pauseBeyondLockMs)),
  };
}

/** A lock is a key that is set only where there is none, and for a time. */
function longestLockMs({ commands }: Trace): number {
  return commands.reduce((longest, { command, arguments: words = [] }) => {
    if (command !== 'SET') return longest;
    const flags = words.map((word) => word.toUpperCase());
    if (!flags.includes('NX')) return longest;
    const after = (flag: string, unitMs: number): number => {
      const at = flags.indexOf(flag);
      const value = at < 0 ? Number.NaN : Number(words[at + 1]) * unitMs;
      return Number.isFinite(value) ? value : 0;
    };
    return Math.max(longest, after('PX', 1), after('EX', 1_000));
  }, 0);
}
