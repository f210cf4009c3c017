/**
 * A register: what is stored at the end is a write that may have been the last. A write that was followed by another one, which began after it had
 * ended, is not; nor is one that was answered as failed. With versions in the answers the order of the writes is known, and is used.
 */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { sameJson } from '../record/same-json.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import {
  coveredFields,
  describeOperation,
  keyOfOperation,
  namesOf,
  numberOfOperation,
  type OfOperation,
  ofOperation,
  type OperationFilter,
  selectorOf,
} from './select.ts';

export interface LastWriteOptions extends Partial<Identity> {
  readonly writes: OperationFilter;
  readonly key: OfOperation;
  /** Unique among the writes of a register, or a lost one cannot be told from another. */
  readonly value: OfOperation;
  /** Rises with each write of the register, in the order in which they took effect. */
  readonly version?: OfOperation;
  /** Final values by key; a register that is not in it is empty. */
  readonly final: (evidence: Evidence) => ReadonlyMap<string, unknown>;
  /** Values before the first write, by key. */
  readonly initial?: (evidence: Evidence) => ReadonlyMap<string, unknown>;
  /** True for a value that a client wrote, so that one that no line tells of proves an incomplete history. */
  readonly isClientValue?: (value: unknown) => boolean;
}

export function lastWrite(options: LastWriteOptions): Rule {
  const { invariant = 'last-write', title = 'The last acknowledged write is stored' } = options;
  const fields = coveredFields(options.key, options.value, options.version);
  const covers = { operations: Object.fromEntries(namesOf(options.writes).map((f) => [f, fields])) };
  return ruleOf({ invariant, title }, 'at-rest', covers, (history, evidence) => {
    const writes = Map.groupBy(
      history.filter(selectorOf(options.writes)),
      (write) => keyOfOperation(write, options.key) ?? '',
    );
    const final = options.final(evidence);
    const initial = options.initial?.(evidence);
    const findings: Finding[] = [];
    let unrecorded: unknown;
    for (const key of new Set([...writes.keys(), ...final.keys()])) {
      const found = final.get(key);
      const own = writes.get(key) ?? [];
      if (isUnrecorded(options, own, found, initial?.get(key))) unrecorded ??= { key, value: found };
      else findings.push(...registerFinding(options, key, own, found, initial));
    }
    const acknowledged = [...writes.values()].flat().filter(({ type }) => type === 'ok').length;
    return {
      findings,
      checked: `${acknowledged} acknowledged writes to ${writes.size} registers are stored or overwritten`,
      missing:
        unrecorded === undefined
          ? acknowledged === 0
            ? 'no write was acknowledged'
            : null
          : `${JSON.stringify(unrecorded)} was written by a client, and no line of the history tells of it: the history is not complete`,
    };
  });
}

function isUnrecorded(
  { isClientValue, value }: LastWriteOptions,
  writes: readonly Operation[],
  found: unknown,
  initial: unknown,
): boolean {
  if (isClientValue === undefined || !isClientValue(found) || sameJson(found, initial)) return false;
  return !writes.some((write) => sameJson(ofOperation(write, value), found));
}

function registerFinding(
  options: LastWriteOptions,
  key: string,
  writes: readonly Operation[],
  found: unknown,
  initial: ReadonlyMap<string, unknown> | undefined,
): Finding[] {
  const { value } = options;
  const last = latestOf(options, writes);
  const writers = writes.filter((write) => sameJson(ofOperation(write, value), found));
  if (last === undefined) {
    const before = initial?.get(key);
    const explained =
      writers.some(isUnclear) ||
      (initial === undefined ? writers.length === 0 : sameJson(found ?? null, before ?? null));
    if (explained) return [];
    const [writer] = writers;
    return writer === undefined
      ? [
          findingOf(
            key,
            `${show(found)} is stored, was ${show(before)} before, and no acknowledged write explains it`,
            writes,
            found,
            before,
          ),
        ]
      : [
          findingOf(
            key,
            `${show(found)} is stored, and its write was answered as failed: ${describeOperation(writer)}`,
            writers,
            found,
            before,
          ),
        ];
  }
  const may = writers.some(
    (writer) => isUnclear(writer) || (writer.type === 'ok' && mayBeLast(options, writer, last)),
  );
  if (may) return [];
  const [writer] = writers;
  const expected = ofOperation(last, value);
  const instead =
    writer === undefined
      ? found === undefined || found === null
        ? 'nothing is stored'
        : `${show(found)} is stored, which nobody wrote there`
      : writer.type === 'fail'
        ? `${show(found)} is stored, whose write was answered as failed`
        : `${show(found)} is stored, which was overwritten before`;
  const shown = writer === undefined ? [last] : [writer, last];
  return [
    findingOf(
      key,
      `the write of ${show(expected)} was acknowledged last, and ${instead}`,
      shown,
      found,
      expected,
    ),
  ];
}

/** The acknowledged write that came last, or began last where the versions do not tell. */
function latestOf({ version }: LastWriteOptions, writes: readonly Operation[]): Operation | undefined {
  const rank = (write: Operation) =>
    version === undefined ? write.startedMs : numberOfOperation(write, version);
  let last: Operation | undefined;
  for (const write of writes) {
    if (write.type === 'ok' && (last === undefined || rank(write) > rank(last))) last = write;
  }
  return last;
}

function mayBeLast({ version }: LastWriteOptions, writer: Operation, last: Operation): boolean {
  return version === undefined ? writer.endedMs >= last.startedMs : writer === last;
}

function findingOf(
  key: string,
  what: string,
  operations: readonly Operation[],
  found: unknown,
  expected: unknown,
): Finding {
  return {
    definite: false,
    witness: () => ({
      summary: `${key}: ${what}`,
      operations: operations.toSorted((left, right) => left.startedMs - right.startedMs).slice(-6),
      facts: { register: key, expected: expected ?? null, found: found ?? null },
    }),
  };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
