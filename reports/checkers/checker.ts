/**
 * What a checker is, and how what it found becomes a verdict. A checker is a pure function over recorded data, so any
 * stored run can be judged again; it names what it saw, and this module alone decides what may be concluded from it.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Verdict, VerdictValue, Witness } from '../record/report.ts';

export interface Checker {
  /** Name of the invariant, unique in a target. */
  readonly invariant: string;
  readonly title: string;
  /** What it judges. What no checker of a run covers is listed as not judged. */
  readonly covers?: Coverage;
  check(history: readonly Operation[], evidence: Evidence): Verdict;
}

/** What a checker judges, by the names of the target. `*` stands for every name at its place. */
export interface Coverage {
  /** Fields of the documents of each collection. */
  readonly documents?: Readonly<Record<string, readonly string[]>>;
  /** Patterns of the Redis keys whose values are judged; `*` within them stands for any text. */
  readonly keys?: readonly string[];
  /** Fields of the values of operations, by `f`. */
  readonly operations?: Readonly<Record<string, readonly string[]>>;
}

/** Name and title of an invariant; the rules of the library have usual ones. */
export type Identity = Pick<Checker, 'invariant' | 'title'>;

/** A checker whose findings can become part of another invariant. */
export interface Rule extends Checker {
  readonly covers: Coverage;
  readonly scope: Scope;
  examine(history: readonly Operation[], evidence: Evidence): Examination;
}

/** One contradiction. The witness is built only for the few that are shown. */
export interface Finding {
  /**
   * True when it is a violation whatever work is still open, so also when the target did not reach rest. What compares several
   * documents is not: they are read one after the other, and a target at work changes them in between.
   */
  readonly definite: boolean;
  readonly witness: () => Witness;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** What was compared, in words: the reason of a `true`. */
  readonly checked: string;
  /** Why nothing can be said although nothing was found, or null. */
  readonly missing: string | null;
}

/** `at-rest` invariants need a target that has healed and has no work left; `always` ones hold at every moment. */
export type Scope = 'at-rest' | 'always';

const witnessesMax = 5;

const severity: Record<VerdictValue, number> = { true: 0, unknown: 1, false: 2 };

/** `false` outweighs `unknown`, which outweighs `true`; nothing at all is `unknown`. */
export function worstVerdict(values: Iterable<VerdictValue>): VerdictValue {
  let worst: VerdictValue | undefined;
  for (const value of values) {
    if (worst === undefined || severity[value] > severity[worst]) worst = value;
  }
  return worst ?? 'unknown';
}

/** Makes a rule of its parts. */
export function ruleOf(
  { invariant, title }: Identity,
  scope: Scope,
  covers: Coverage,
  examine: Rule['examine'],
): Rule {
  return {
    invariant,
    title,
    scope,
    covers,
    examine,
    check: (history, evidence) => conclude({ invariant, title }, scope, evidence, examine(history, evidence)),
  };
}

/**
 * One invariant of several rules. It is violated when one of them is, and unknown when nothing is found and one of them cannot say anything.
 * `at-rest` when one of them is.
 */
export function allOf(identity: Identity, ...rules: readonly [Rule, ...Rule[]]): Rule {
  const scope = rules.some((rule) => rule.scope === 'at-rest') ? 'at-rest' : 'always';
  return ruleOf(identity, scope, mergeCoverage(rules), (history, evidence) => {
    const parts = rules.map((rule) => ({ rule, part: rule.examine(history, evidence) }));
    return {
      // What holds at every moment is definite also where another rule needs a target at rest.
      findings: parts.flatMap(({ rule, part }) =>
        part.findings.map((finding) =>
          rule.scope === 'always' && !finding.definite ? { ...finding, definite: true } : finding,
        ),
      ),
      checked: parts.map(({ part }) => part.checked).join('; '),
      missing: parts.find(({ part }) => part.missing !== null)?.part.missing ?? null,
    };
  });
}

/** Everything that one of them covers. */
export function mergeCoverage(checkers: readonly Pick<Checker, 'covers'>[]): Coverage {
  const merge = (part: 'documents' | 'operations') => {
    const merged: Record<string, string[]> = {};
    for (const { covers } of checkers) {
      for (const [name, fields] of Object.entries(covers?.[part] ?? {}))
        merged[name] = [...new Set([...(merged[name] ?? []), ...fields])];
    }
    return merged;
  };
  return {
    documents: merge('documents'),
    operations: merge('operations'),
    keys: [...new Set(checkers.flatMap(({ covers }) => covers?.keys ?? []))],
  };
}

export function conclude(
  identity: Identity,
  scope: Scope,
  evidence: Evidence,
  examination: Examination,
): Verdict {
  const { invariant, title } = identity;
  const unrest = scope === 'at-rest' ? whyNotAtRest(evidence) : null;
  const findings =
    unrest === null ? examination.findings : examination.findings.filter((finding) => finding.definite);
  if (findings.length > 0) {
    const witnesses = findings.slice(0, witnessesMax).map((finding) => finding.witness());
    const [first] = witnesses;
    const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
    return {
      invariant,
      title,
      verdict: 'false',
      reason: `${first?.summary ?? 'violated'}${more}`,
      witnesses,
    };
  }
  const reason = unrest ?? examination.missing;
  if (reason !== null) return unknownVerdict(identity, reason);
  return { invariant, title, verdict: 'true', reason: examination.checked, witnesses: [] };
}

export function unknownVerdict(identity: Identity, reason: string): Verdict {
  return { invariant: identity.invariant, title: identity.title, verdict: 'unknown', reason, witnesses: [] };
}

/** Why the final reads say nothing about the target at rest, or null when it was at rest. */
function whyNotAtRest(evidence: Evidence): string | null {
  if (evidence.quiescedMs === null) return `the target did not reach rest: ${evidence.quiesceReason}`;
  const { queueLength } = evidence;
  if (queueLength === undefined || queueLength === 0) return null;
  return queueLength === null
    ? 'the length of the queue could not be read'
    : `the queue still held ${queueLength} entries at the final reads`;
}
