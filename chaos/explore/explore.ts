/**
 * Explores one scenario: undisturbed passes show its calls, then loads with many injections at once show which of them the target does not survive. A right
 * target survives all of a load, so only a load with a violation is taken apart.
 */
import type { Injection } from '../../reports/exploration/exploration.ts';
import { noveltyOf } from '../../reports/exploration/novelty.ts';
import type { Cell } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import type { Scenario } from '../api/scenario.ts';
import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import type { CallFaultKind } from '../faults/at-call/call-parameters.ts';
import { atCallName } from '../faults/at-call/at-call.ts';
import type { Worker } from '../run/campaign.ts';
import type { CellProgress } from '../run/cell-context.ts';
import type { CellPlan, PlanningContext } from '../run/plan.ts';
import { type Hit, hitOf } from './behaviour.ts';
import { shapeKey, shapeText } from './call.ts';
import { type Candidate, candidateId, type CandidateLimits, faultName, parametersOf } from './candidates.ts';
import { type Kept, lastLoad, loadLabel } from './kept.ts';
import { narrow } from './narrow.ts';
import {
  candidateLimits,
  exploredScenario,
  type Pass,
  passPlan,
  readPass,
  rolesOf,
  siteMatches,
} from './passes.ts';
import { InjectionQueue } from './queue.ts';
import { type Batch, narrowedDurationMs, type Placed, placeInjections, repeatInjection } from './schedule.ts';
import { suspectsOf } from './suspects.ts';
import { runTrial, type Trial } from './trial.ts';
import { sameViolation, unclearIn, type Violation, violationsIn } from './violation.ts';

export interface ExploreOptions {
  readonly context: PlanningContext;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly mutant: string | null;
  readonly folder: string;
  readonly kinds: ReadonlySet<CallFaultKind>;
  /** Only sites that one of these texts names; empty for all. */
  readonly sites: readonly string[];
  /** Ends when the chance of a new behaviour is at most this. */
  readonly noveltyMax: number;
  /** Length of each load; that of the scenario, and 20 s at least, when undefined. */
  readonly durationMs: number | undefined;
  /** Ends with the first violation. */
  readonly untilViolated: boolean;
  /** Whether there is time for another load. */
  readonly timeLeft: () => boolean;
  /** Of an earlier part of the exploration. */
  readonly known: readonly Kept[];
  readonly keep: (id: string, kept: Kept) => Promise<void>;
  readonly progress: (plan: CellPlan) => CellProgress;
  readonly note: (line: string) => void;
  readonly clock: Clock;
}

export interface Explored {
  readonly injections: readonly Injection[];
  readonly cells: readonly Cell[];
  readonly notExplored: readonly { readonly what: string; readonly why: string }[];
  /** Also without any injection. */
  readonly violated: boolean;
  readonly ended: string;
}

const passCount = 2;
const loadsBetween = 2;
/** A violation that is found at the end of the budget is still taken apart as far as this. */
const runsBeyondBudget = 6;
/** So many runs for one violation; a violation that comes seldom would use up the budget. */
const runsMost = 16;
/** Where no injection alone shows it again, so many suspects are repeated at so many operations each. */
const insist = { suspects: 2, operations: 12 };
const injectionsMost = 100;
/** Fewer say nothing of what is likely. */
const noveltyLeast = 50;

/** Undefined when the campaign had to end. Throws HarnessError when the harness fails again and again. */
export async function exploreScenario(
  worker: Worker,
  options: ExploreOptions,
): Promise<Explored | undefined> {
  const exploration = new Exploration(worker, options, await lastLoad(options.folder, options.scenario));
  return await exploration.run();
}

class Exploration {
  readonly #worker: Worker;
  readonly #options: ExploreOptions;
  readonly #scenario: Scenario;
  readonly #queue: InjectionQueue;
  readonly #injections = new Map<string, Injection>();
  readonly #behaviours: string[] = [];
  readonly #cells: Cell[] = [];
  readonly #passes: Pass[] = [];
  /** Invariants of which an undisturbed pass cannot say anything either. */
  readonly #unclear = new Set<string>();
  #limits: CandidateLimits = { lateMs: 0, pauseMs: 0, startMs: 0 };
  #loads = 0;
  #loadsSincePass = 0;
  #violated = false;
  #ids = 0;

  constructor(worker: Worker, options: ExploreOptions, loads: number) {
    this.#worker = worker;
    this.#options = options;
    this.#scenario = exploredScenario(options.scenario, options.durationMs);
    this.#queue = new InjectionQueue(options.kinds);
    for (const kept of options.known) {
      if (kept.kind === 'cell') this.#cells.push(kept.cell);
      else this.#remember(kept.injection, kept.signature);
    }
    this.#loads = loads;
  }

  async run(): Promise<Explored | undefined> {
    for (;;) {
      // The calls that most operations make are seen in the first pass; the second adds the seldom ones.
      if (
        this.#passes.length === 0 ||
        (this.#passes.length < passCount && this.#loadsSincePass >= loadsBetween)
      ) {
        const well = await this.#pass(this.#passes.length + 1);
        if (well !== true) return well === undefined ? undefined : this.#explored(well);
      }
      await this.#skip();
      const ended = this.#whyEnd();
      if (ended !== null && (this.#passes.length === passCount || this.#queue.length > 0))
        return this.#explored(ended);
      this.#loadsSincePass += 1;
      if (this.#queue.length === 0) continue;
      const more = await this.#load();
      if (more === undefined) return undefined;
    }
  }

  /** True when the target is well without any fault; otherwise what is wrong with it. */
  async #pass(number: number): Promise<string | true | undefined> {
    const { seed, mutant, note, sites: asked, context } = this.#options;
    const trial = await this.#trial(passPlan(this.#scenario, seed, number, mutant));
    if (trial === undefined) return undefined;
    await this.#keepCell(trial.cell);
    const violations = violationsIn(trial.cell);
    if (violations.length > 0) {
      return `it is violated without any fault: ${violations.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`;
    }
    for (const name of unclearIn(trial.cell)) this.#unclear.add(name);
    const pass = readPass(trial, rolesOf(context.target));
    this.#passes.push(pass);
    this.#loadsSincePass = 0;
    const chosen = [...pass.sites.byName.values()].filter(
      (site) => asked.length === 0 || asked.some((text) => siteMatches(site, text)),
    );
    this.#queue.addSites(chosen);
    const limits = candidateLimits(context.target, trial);
    const earlier = this.#limits;
    this.#limits = {
      lateMs: limits.lateMs,
      pauseMs: Math.max(earlier.pauseMs, limits.pauseMs),
      startMs: Math.max(earlier.startMs, limits.startMs),
    };
    note(
      `${this.#scenario.name}, pass ${number}: ${trial.operations.length} operations, ${pass.sites.byName.size} calls, ${this.#queue.length} injections to try`,
    );
    return true;
  }

  #whyEnd(): string | null {
    if (this.#queue.length === 0) return 'every injection was tried';
    if (this.#options.untilViolated && this.#violated) return 'something was violated';
    if (!this.#options.timeLeft()) return 'the budget was used up';
    const { injections, upTo } = noveltyOf(this.#behaviours);
    if (injections >= noveltyLeast && upTo <= this.#options.noveltyMax)
      return `one more injection shows something new with a chance of at most ${(100 * upTo).toFixed(1)} %`;
    return null;
  }

  async #skip(): Promise<void> {
    for (const { candidate, reason } of this.#queue.skippable())
      await this.#decide(candidate, { result: 'skipped', cell: null, reason }, '');
  }

  /** One load with as many injections as fit, and what follows from it. Undefined when the campaign had to end. */
  async #load(): Promise<true | undefined> {
    const { note } = this.#options;
    const pass = this.#passes[this.#loads % this.#passes.length] ?? this.#passes[0];
    const queue = this.#queue.next();
    const room = { durationMs: this.#scenario.load.durationMs, most: injectionsMost };
    const batch = placeInjections(
      queue,
      pass?.sites ?? { byName: new Map(), occasions: [] },
      this.#limits,
      room,
    );
    if (pass === undefined || batch.placed.length === 0) {
      // Nothing of what is left is met in this pass; the next load is placed in the other one.
      this.#loads += 1;
      for (const candidate of queue)
        if (!this.#queue.again(candidate)) await this.#giveUp(candidate, 'not reached');
      return true;
    }
    const ids = new Map(batch.placed.map((placed) => [placed, this.#nextId()]));
    const trial = await this.#trial(this.#plan(pass, batch, ids));
    if (trial === undefined) return undefined;
    const violations = violationsIn(trial.cell);
    if (violations.length > 0) return await this.#takeApart(pass, batch, ids, trial, violations);
    const unclear = unclearIn(trial.cell).filter((name) => !this.#unclear.has(name));
    let acted = 0;
    // Of a load that was unclear only what had to stay so needs its record.
    let needed = unclear.length === 0;
    for (const [{ candidate }, id] of ids) {
      const hit = this.#hit(trial, candidate, id);
      if (hit === null) {
        if (!this.#queue.again(candidate)) await this.#giveUp(candidate, 'not reached');
        continue;
      }
      acted += 1;
      if (unclear.length === 0) {
        const reason = `answered: ${hit.answer}`;
        await this.#decide(candidate, { result: 'survived', cell: trial.cell.fault, reason }, hit.signature);
      } else if (!this.#queue.again(candidate)) {
        const reason = `nothing can be said of ${unclear.join(', ')}`;
        needed = true;
        await this.#decide(candidate, { result: 'undecided', cell: trial.cell.fault, reason }, hit.signature);
      }
    }
    if (needed) await this.#keepCell(trial.cell);
    note(
      `${trial.cell.fault}: ${acted} of ${ids.size} injections acted, ${unclear.length === 0 ? 'all held' : `unclear: ${unclear.join(', ')}`}; ${this.#queue.length} left`,
    );
    return true;
  }

  /** Finds the injection that each of the violations needs, and leaves the others to a later load. */
  async #takeApart(
    pass: Pass,
    batch: Batch,
    ids: ReadonlyMap<Placed, string>,
    trial: Trial,
    violations: readonly Violation[],
  ): Promise<true | undefined> {
    const acted = ({ candidate }: Placed, id: string): boolean => this.#hit(trial, candidate, id) !== null;
    if (![...ids].some(([placed, id]) => acted(placed, id))) {
      await this.#violatedByNone(trial, ids.keys(), violations);
      return true;
    }
    let open = violations;
    for (;;) {
      const [wanted, ...others] = open;
      if (wanted === undefined) return true;
      const seen = await this.#isolate(pass, batch, ids, trial, wanted);
      if (seen === undefined) return undefined;
      open = others.filter((other) => !seen.some((one) => sameViolation(one, other)));
      const { timeLeft, untilViolated } = this.#options;
      // What is left of this load shows again in a later one, since its injections stay in the queue.
      if (!timeLeft() || untilViolated) return true;
    }
  }

  /** The cell is reported as violated; the injections wait for another load, as after any in which they did not act. */
  async #violatedByNone(
    { cell }: Trial,
    placed: Iterable<Placed>,
    violations: readonly Violation[],
  ): Promise<void> {
    await this.#keepCell(cell);
    this.#violated = true;
    this.#options.note(
      `${cell.fault}: ${violations.map(({ name }) => name).join(', ')} violated, and none acted`,
    );
    for (const { candidate } of placed)
      if (!this.#queue.again(candidate)) await this.#giveUp(candidate, 'not reached');
  }

  /** What the smallest load shows that has the violation; undefined when the campaign had to end. */
  async #isolate(
    pass: Pass,
    batch: Batch,
    ids: ReadonlyMap<Placed, string>,
    trial: Trial,
    wanted: Violation,
  ): Promise<readonly Violation[] | undefined> {
    const { note } = this.#options;
    note(
      `${trial.cell.fault}: ${wanted.name} violated; looking for the injection among ${batch.placed.length}`,
    );
    const hits = batch.placed.flatMap((placed) => {
      const hit = this.#hit(trial, placed.candidate, ids.get(placed) ?? '');
      return hit === null ? [] : [{ placed, hit }];
    });
    const acted = hits.map(({ placed }) => placed);
    const suspects = suspectsOf(hits, wanted);
    const ends = wanted.operations.map(({ endedMs }) => endedMs - trial.cell.loadStartMs);
    const witnessedUntilMs = ends.length === 0 ? null : Math.max(...ends);
    const known = new Map(ids);
    let interrupted = false;
    let runs = 0;
    const goOn = (): boolean =>
      !interrupted && runs < runsMost && (this.#options.timeLeft() || runs < runsBeyondBudget);
    const show = async (smaller: Batch): Promise<Trial | null> => {
      runs += 1;
      const shown = await this.#trial(this.#plan(pass, smaller, known));
      if (shown === undefined) interrupted = true;
      const again = shown !== undefined && violationsIn(shown.cell).some((one) => sameViolation(one, wanted));
      return again ? shown : null;
    };
    let found = await narrow<Placed, Trial>(
      acted,
      trial,
      suspects,
      (placed) => show({ placed, durationMs: narrowedDurationMs(placed, witnessedUntilMs, batch) }),
      goOn,
    );
    for (const { candidate } of found.set.length > 1 ? suspects.slice(0, insist.suspects) : []) {
      if (!goOn()) break;
      const room = { durationMs: this.#scenario.load.durationMs, most: insist.operations };
      const repeated = repeatInjection(candidate, pass.sites, this.#limits, room);
      if (repeated.placed.length === 0) continue;
      for (const placed of repeated.placed) known.set(placed, this.#nextId());
      const shown = await show(repeated);
      if (shown === null) continue;
      found = { set: repeated.placed, shown };
      break;
    }
    if (interrupted) return undefined;
    await this.#decideFound(found, known, wanted);
    return violationsIn(found.shown.cell);
  }

  async #decideFound(
    found: { readonly set: readonly Placed[]; readonly shown: Trial },
    ids: ReadonlyMap<Placed, string>,
    wanted: Violation,
  ): Promise<void> {
    const { cell } = found.shown;
    const seen = violationsIn(cell).filter((one) => sameViolation(one, wanted));
    const what = seen.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    await this.#keepCell(cell);
    this.#violated = true;
    const byId = Map.groupBy(found.set, ({ candidate }) => candidateId(candidate));
    const alone = byId.size === 1;
    const [only = ''] = byId.keys();
    this.#options.note(`${cell.fault}: ${what}${alone ? ` after ${only}` : ''}`);
    for (const [id, own] of byId) {
      // What one violation could not decide another one has.
      if (this.#injections.get(id)?.result === 'violated') continue;
      const hits = own.map((placed) => ({
        placed,
        hit: this.#hit(found.shown, placed.candidate, ids.get(placed) ?? ''),
      }));
      const { placed, hit = null } = hits.find((each) => each.hit !== null) ?? hits[0] ?? {};
      if (placed === undefined) continue;
      const times = own.length === 1 ? '' : `, injected at ${own.length} operations`;
      const reason = alone
        ? `${what}${times}`
        : `one of ${byId.size} injections that were tried together: ${what}`;
      const result = alone ? 'violated' : 'undecided';
      await this.#decide(placed.candidate, { result, cell: cell.fault, reason }, hit?.signature ?? '');
      this.#queue.suspectLike(placed.candidate);
    }
  }

  #hit({ faults, trace, operations }: Trial, { site }: Candidate, id: string): Hit | null {
    const fault = faults.get(id);
    return fault === undefined
      ? null
      : hitOf(fault, trace, operations, site.operation, (shape, f) => this.#isOwn(shape, f));
  }

  /** A call that the operation makes undisturbed, or that no operation does. */
  #isOwn(shape: string, operation: string | null): boolean {
    const makers = new Set(
      this.#passes.flatMap(({ sites }) =>
        [...sites.byName.values()].filter((site) => shapeKey(site) === shape).map((site) => site.operation),
      ),
    );
    return makers.size === 0 || makers.has(operation);
  }

  #plan({ seed }: Pass, { placed, durationMs }: Batch, ids: ReadonlyMap<Placed, string>): CellPlan {
    const { context, mutant } = this.#options;
    const fault = context.faults.get(atCallName);
    if (fault === undefined) throw new Error(`the fault ${atCallName} is always there`);
    this.#loads += 1;
    const { load } = this.#scenario;
    return {
      scenario: { ...this.#scenario, load: { ...load, durationMs } },
      label: loadLabel(this.#loads),
      seed,
      durationMs,
      mutant,
      timeline: placed.map((each) => ({
        fault,
        applyAtMs: each.applyAtMs,
        healAtMs: each.healAtMs,
        parameters: parametersOf(each.candidate, this.#limits, ids.get(each) ?? ''),
      })),
    };
  }

  #nextId(): string {
    this.#ids += 1;
    return `call-${this.#ids}`;
  }

  /** A load in which the harness failed is run once more. */
  async #trial(plan: CellPlan): Promise<Trial | undefined> {
    const { folder, progress } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const trial = await runTrial(this.#worker, plan, folder, { progress: progress(plan) });
      if (trial === undefined || !('failed' in trial)) return trial;
      const why = trial.failed.harnessError ?? 'the machine was too busy';
      if (attempt === 2) throw new HarnessError(`${plan.label} could not be run: ${why}`, 'see its folder');
      this.#options.note(`${plan.label} is run again: ${why}`);
    }
  }

  async #keepCell(cell: Cell): Promise<void> {
    const at = this.#cells.findIndex(({ fault }) => fault === cell.fault);
    if (at >= 0) this.#cells[at] = cell;
    else this.#cells.push(cell);
    await this.#options.keep(cellName(cell), { kind: 'cell', cell });
  }

  async #giveUp(candidate: Candidate, result: 'not reached'): Promise<void> {
    const reason = 'the call was not made while the injection waited for it';
    await this.#decide(candidate, { result, cell: null, reason }, '');
  }

  async #decide(
    candidate: Candidate,
    outcome: Pick<Injection, 'cell' | 'reason' | 'result'>,
    signature: string,
  ): Promise<void> {
    const injection = this.#describe(candidate, outcome, signature);
    this.#remember(injection, signature);
    await this.#options.keep(`${this.#scenario.name}: ${idOf(injection)}`, {
      kind: 'injection',
      injection,
      signature,
    });
  }

  #describe(
    candidate: Candidate,
    outcome: Pick<Injection, 'cell' | 'reason' | 'result'>,
    signature: string,
  ): Injection {
    const { site } = candidate;
    return {
      scenario: this.#scenario.name,
      operation: site.operation,
      call: `${shapeText(site)}${site.nth === 1 ? '' : ` #${site.nth}`}`,
      store: site.store,
      fault: faultName(candidate),
      ...outcome,
      behaviour: signature,
    };
  }

  #remember(injection: Injection, signature: string): void {
    const id = idOf(injection);
    this.#injections.set(id, injection);
    this.#queue.learn(id, { result: injection.result, signature });
    if (signature !== '') this.#behaviours.push(`${injection.operation ?? ''} ${signature}`);
  }

  #explored(ended: string): Explored {
    const left = this.#queue
      .left()
      .map((candidate) => this.#describe(candidate, { result: 'not tried', cell: null, reason: ended }, ''));
    const untied = new Set(this.#passes.flatMap((pass) => pass.untied));
    return {
      injections: [...this.#injections.values(), ...left],
      cells: this.#cells,
      notExplored: [
        ...[...untied].map((what) => ({
          what: `${this.#scenario.name}: ${what}`,
          why: 'it was made only while several operations were under way',
        })),
        ...[...this.#unclear].map((name) => ({
          what: `${this.#scenario.name}: ${name}`,
          why: 'nothing can be said of it without any fault either, so no injection was judged by it',
        })),
      ],
      violated: this.#cells.some((cell) => violationsIn(cell).length > 0),
      ended,
    };
  }
}

/** As `candidateId` gives it. */
function idOf({ operation, call, fault }: Pick<Injection, 'call' | 'fault' | 'operation'>): string {
  return `${operation ?? '(by itself)'}: ${call} × ${fault}`;
}
