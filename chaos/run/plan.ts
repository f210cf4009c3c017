/** Which cells a command runs: pairs of scenario and fault, each with its timeline, checked before anything starts. */
import { noFault, type Scenario, suiteNames, type SuiteName } from '../api/scenario.ts';
import { MissingPartError, UsageError } from '../errors.ts';
import { type FaultRegistry, faultsOf } from '../faults/registry.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import type { Capability, Stack, StackProvider } from '../stack/contract.ts';
import { anotherFault } from '../stack/errors.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { withAllowance } from './allowance.ts';
import { drawSoak, drawTimeline, soakMinimumMs } from './timeline.ts';

export interface CellPlan {
  readonly scenario: Scenario;
  /** What stands for the timeline: a fault's name, `none`, `soak`, `timeline`, or a label of its own. */
  readonly label: string;
  readonly seed: string;
  readonly durationMs: number;
  readonly timeline: readonly PlannedInjection[];
  /** Name of the mutant that is planted, or null. */
  readonly mutant: string | null;
  /** Whether it is run a second time, because the machine was too busy to decide the first. */
  readonly again?: boolean;
}

/** A target with its faults, from which cells are planned. */
export interface PlanningContext {
  readonly target: LoadedTarget;
  readonly faults: FaultRegistry;
}

export interface CellSelection {
  /** Names of scenarios; empty for all. */
  readonly scenarios: readonly string[];
  /** Names of faults, `none` for undisturbed; empty for those of the suite. */
  readonly faults: readonly string[];
  /** Undefined for what runs when nothing else is asked for. */
  readonly suite?: SuiteName | undefined;
  /** From a file, instead of faults; each selected scenario runs once under it. */
  readonly timeline?: readonly PlannedInjection[] | undefined;
  readonly seed: string;
  /** Overrides every scenario's own duration; milliseconds. */
  readonly durationMs?: number | undefined;
  readonly mutant?: string | null;
}

/** A shorter load has no useful baseline and recovery phases. */
const durationMinimumMs = 1_000;
const fromFile = 'timeline';
const soak = 'soak';
/** Milliseconds; undefined where each scenario has its own. */
const suiteDurationMs: Readonly<Record<SuiteName, number | undefined>> = {
  ci: undefined,
  full: undefined,
  smoke: 4_000,
  soak: 60_000,
};

/** Throws UsageError when a scenario names a fault that the target does not have. */
export function planningContext(target: LoadedTarget): PlanningContext {
  const faults = faultsOf(target);
  for (const { name, faults: own } of target.scenarios) {
    const named = [...own.short, ...(own.ci ?? []), ...(own.full ?? []), ...(own.smoke ?? [])];
    const unknown = named.find((label) => label !== noFault && !faults.has(label));
    if (unknown === undefined) continue;
    throw new UsageError(
      `scenario "${name}", faults: "${unknown}" does not exist${target.attach === undefined ? '' : ', and nothing can be done to the processes of an attached target'}`,
      `faults: ${[...faults.keys()].join(', ')}`,
    );
  }
  return { target, faults };
}

/** Throws UsageError unless it is the name of a suite. */
export function parseSuite(name: string): SuiteName {
  const suite = suiteNames.find((candidate) => candidate === name);
  if (suite === undefined)
    throw new UsageError(`--suite "${name}" does not exist`, `suites: ${suiteNames.join(', ')}`);
  return suite;
}

/** Throws UsageError when it is not in the target. */
export function scenarioNamed({ target }: PlanningContext, name: string, source = 'scenario'): Scenario {
  const found = target.scenarios.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${source} "${name}" does not exist`,
    `scenarios: ${target.scenarios.map((candidate) => candidate.name).join(', ')}`,
  );
}

/** Throws UsageError. */
export function planCells(context: PlanningContext, selection: CellSelection): CellPlan[] {
  const { faults } = context;
  const { timeline, durationMs, seed, mutant = null } = selection;
  const chosen = chosenBy(context, selection);
  for (const name of selection.faults) refuseUnknownFault(name, faults);
  if (durationMs !== undefined && !(durationMs >= durationMinimumMs)) {
    throw new UsageError(
      `--duration must be at least ${durationMinimumMs / 1_000} s, but is ${durationMs / 1_000} s`,
      'for example --duration 20s',
    );
  }
  if (timeline !== undefined) {
    return chosen.map((scenario) => {
      const ownMs = durationMs ?? scenario.load.durationMs;
      refuseLate(timeline, ownMs, scenario.name);
      return adapted(context, { scenario, label: fromFile, seed, durationMs: ownMs, timeline, mutant });
    });
  }
  const cells = chosen.flatMap((scenario) =>
    labelsOf(context, scenario, selection).map((label) => planCell(context, scenario, label, selection)),
  );
  if (cells.length > 0) return cells;
  const asked = selection.faults.join(', ') || 'any fault';
  throw new UsageError(
    `no scenario chosen runs under ${asked}${selection.suite === undefined ? '' : ` in the suite ${selection.suite}`}`,
    chosen
      .map(
        ({ name, faults: own }) =>
          `faults of ${name}: ${[noFault, ...own.short, ...(own.ci ?? [])].join(' ')}`,
      )
      .join('; '),
  );
}

/** One cell of a scenario under one fault, or undisturbed. Throws UsageError when the fault is unknown. */
export function planCell(
  context: PlanningContext,
  scenario: Scenario,
  label: string,
  options: Pick<CellSelection, 'durationMs' | 'mutant' | 'seed' | 'suite'>,
): CellPlan {
  const { faults } = context;
  const { seed, suite, mutant = null } = options;
  if (label !== soak) refuseUnknownFault(label, faults);
  const ownMs = scenario.durationMsUnder?.[label] ?? scenario.load.durationMs;
  const durationMs =
    options.durationMs ?? (suite === undefined ? undefined : suiteDurationMs[suite]) ?? ownMs;
  const common = { scenario, label, seed, durationMs, mutant };
  const fault = faults.get(label);
  const drawn = fault === undefined ? [] : drawTimeline(seed, scenario.name, fault, durationMs);
  const timeline = label === soak ? soakOf(faults, scenario, seed, durationMs) : drawn;
  return adapted(context, { ...common, timeline });
}

/** With what the timeline asks of the scenario: a process of each role that it breaks, and limits that follow from its faults. */
function adapted({ target }: PlanningContext, plan: CellPlan): CellPlan {
  const processes = { ...plan.scenario.processes };
  for (const role of plan.timeline.flatMap(({ fault, parameters }) =>
    missingRole(target, plan, fault, parameters),
  ))
    processes[role] = 1;
  const scenario = withAllowance(target, plan);
  return { ...plan, scenario: { ...scenario, processes } };
}

type Roles = PlanningContext['target']['processes'];

function processCount(processes: Roles, scenario: Scenario, role: string): number {
  return scenario.processes[role] ?? processes[role]?.count ?? 1;
}

/** The role of which a fault needs a process and the scenario has none; a fault on several roles has enough in any one of them. */
function missingRole(
  { processes }: Pick<PlanningContext['target'], 'processes'>,
  { scenario }: Pick<CellPlan, 'scenario'>,
  { breaks }: Pick<PlannedInjection['fault'], 'breaks'>,
  { role }: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const named = typeof role === 'string' ? [role] : breaks;
  const roles = named.filter((part) => part in processes);
  const missing = roles.every((each) => processCount(processes, scenario, each) === 0);
  return missing ? roles.slice(0, 1) : [];
}

/** Without anything asked for, a run is short: some scenarios are left to the suites. */
function chosenBy(
  context: PlanningContext,
  { scenarios, faults, suite }: CellSelection,
): readonly Scenario[] {
  if (scenarios.length > 0) return scenarios.map((name) => scenarioNamed(context, name));
  const nothingAsked = suite === undefined && faults.length === 0;
  return context.target.scenarios.filter(({ byDefault }) => byDefault !== false || !nothingAsked);
}

/**
 * Labels in the order in which they run. A fault asked for by name need not be one that the scenario lists, unless a suite is asked for too; the suite
 * `full` has all that break a part, but those of roles that the scenario has no process of.
 */
function labelsOf(
  { target, faults: registry }: PlanningContext,
  scenario: Scenario,
  { suite, faults: asked }: Pick<CellSelection, 'faults' | 'suite'>,
): readonly string[] {
  const { short, ci = [], full = [], smoke = [] } = scenario.faults;
  // A fault that breaks no part is at a call, which other scenarios may not make.
  const belongsToFull = ({ name, breaks }: PlannedInjection['fault']): boolean =>
    breaks.length === 0 ? full.includes(name) : missingRole(target, { scenario }, { breaks }).length === 0;
  const ofSuite = (): readonly string[] => {
    switch (suite) {
      case 'full':
        return [noFault, ...[...registry.values()].filter(belongsToFull).map(({ name }) => name)];
      case 'smoke':
        return smoke;
      case 'soak':
        return [soak];
      case 'ci':
        return [noFault, ...short, ...ci];
      case undefined:
        return [noFault, ...short];
    }
  };
  if (asked.length === 0) return ofSuite();
  return suite === undefined ? [...new Set(asked)] : ofSuite().filter((label) => asked.includes(label));
}

/** What only a replica set of several can do: a soak is one cell, which every local stack has to be able to run. */
const notInSoak: readonly Capability[] = ['mongo-partition'];

function soakOf(
  faults: FaultRegistry,
  { name, faults: own }: Scenario,
  seed: string,
  durationMs: number,
): readonly PlannedInjection[] {
  if (durationMs < soakMinimumMs) {
    throw new UsageError(
      `--duration of a soak must be at least ${soakMinimumMs / 1_000} s, but is ${durationMs / 1_000} s`,
      'for example --duration 10m',
    );
  }
  const usable = [...own.short, ...(own.ci ?? [])]
    .flatMap((label) => faults.get(label) ?? [])
    .filter(({ needs, wholeLoad }) => wholeLoad !== true && !needs.some((need) => notInSoak.includes(need)));
  return drawSoak(`${seed}/${name}`, durationMs, usable);
}

/** Throws UsageError for a fault that lasts longer than the load. */
export function refuseLate(
  timeline: readonly PlannedInjection[],
  durationMs: number,
  scenario: string,
): void {
  const late = timeline.findIndex(({ healAtMs }) => healAtMs > durationMs);
  if (late < 0) return;
  throw new UsageError(
    `timeline [${late}].healAtMs is ${timeline[late]?.healAtMs}, but the load of ${scenario} ends after ${durationMs} ms`,
    'heal it earlier, or make the load longer',
  );
}

function refuseUnknownFault(name: string, faults: FaultRegistry): void {
  if (name === noFault || faults.has(name)) return;
  throw new UsageError(
    `--fault "${name}" does not exist`,
    `faults: ${[noFault, ...faults.keys()].join(', ')}`,
  );
}

/** As tables and progress call it. */
export function cellName({ scenario, label }: Pick<CellPlan, 'label' | 'scenario'>): string {
  return `${scenario.name} × ${label}`;
}

type Able = Pick<Stack, 'capabilities' | 'provider'>;

/** What the faults of a cell need, each once. */
export function needsOf({ timeline }: Pick<CellPlan, 'timeline'>): readonly Capability[] {
  return [...new Set(timeline.flatMap(({ fault }) => fault.needs))];
}

/** Capabilities that the cell needs and the stack lacks. */
export function lackingFor(plan: Pick<CellPlan, 'timeline'>, stack: Able): readonly Capability[] {
  return needsOf(plan).filter((capability) => !stack.capabilities.has(capability));
}

/** Before a stack is started, what its provider says of it stands for it. */
export function offeredBy({ name, offers }: StackProvider): Able {
  return { provider: name, capabilities: offers };
}

/**
 * The cells that can run here. Others are left out, each told to `leftOut`, unless their faults were asked for by name: then,
 * or when no cell remains, MissingPartError names what is missing.
 */
export function cellsThatCanRun(
  plans: readonly CellPlan[],
  stack: Able,
  options: { readonly askedByName: boolean; leftOut(reason: string): void },
): readonly CellPlan[] {
  const reasons: string[] = [];
  const possible = plans.filter((plan) => {
    const lacking = lackingFor(plan, stack);
    if (lacking.length === 0) return true;
    reasons.push(
      `${cellName(plan)} needs ${lacking.join(', ')}, which the ${stack.provider} stack does not offer`,
    );
    return false;
  });
  const [first] = reasons;
  if (first !== undefined && (options.askedByName || possible.length === 0)) {
    throw new MissingPartError(first, anotherFault(stack.provider));
  }
  for (const reason of reasons) options.leftOut(reason);
  return possible;
}
