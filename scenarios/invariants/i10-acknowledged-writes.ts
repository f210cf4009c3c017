/**
 * I10: no acknowledged write is missing. Each slot of a general's orders is a register: what it holds at the end must
 * come from a write that may be the last one. A write that ended `info` may have taken effect at any time or never, so
 * it can explain a value and can not accuse one.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import { acknowledgesTurn, generalKey, saysDone } from './operations.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { Frontier } from '../../reports/checkers/frontier.ts';
import { counted } from '../../reports/checkers/tally.ts';
import { cityOwnerFindings } from './city-owners.ts';
import { documentsOf, numberOf, textOf, type Document } from './documents.ts';
import { misfitFindings } from './gold-ledger.ts';
import { lostDealings } from './i3-auctions-settled-once.ts';
import { battleFindings } from './i5-city-counts.ts';
import { resurrected } from './i6-destroyed-own-nothing.ts';
import { lostRelations } from './i7-diplomacy-symmetric.ts';
import { lostHires } from './i8-hires-paid-once.ts';
import { lostRounds } from './i9-rewards-paid-once.ts';
import { countedTooLow } from './counted-too-low.ts';
import { storedDocumentFindings } from './stored-documents.ts';
import { preservedFindings, worldCollections } from './world.ts';

const identity = { invariant: 'I10', title: 'No acknowledged write is missing' };

/** Texts of clients look like this (docs/data.md). One that no line tells of was written by a request cut off unrecorded. */
const clientText = /^\d+-\d+$/;

interface Attempts {
  readonly ok: Operation[];
  readonly other: Operation[];
}

export const acknowledgedWrites: Checker = {
  ...identity,
  check: (history, evidence) => {
    const generals = new Map(
      documentsOf(evidence, 'generals').map((general) => [
        `${textOf(general, 'session_id')}/${numberOf(general, 'no')}`,
        general,
      ]),
    );
    const slots = new Map<string, Attempts>();
    const actions = new Map<string, Attempts>();
    const writers = new Map<string, Operation>();
    for (const operation of history) {
      if (operation.f !== 'reserve' && operation.f !== 'train') continue;
      const key = generalKey(operation);
      record(actions, key, operation);
      if (operation.f === 'train') continue;
      record(slots, `${key}/${numberField(operation, 'slot')}`, operation);
      writers.set(textField(operation, 'order'), operation);
    }
    const turns = history.filter(acknowledgesTurn);
    const unrecorded = unrecordedTexts(generals.values(), writers);
    const findings = [
      ...preservedFindings(evidence, ...worldCollections),
      ...storedDocumentFindings(history, evidence),
      ...versionFindings(actions, generals),
      ...countedTooLow(history, evidence),
      ...(unrecorded.size > 0 ? [] : experienceFindings(history, evidence)),
      ...misfitFindings(history, evidence),
      ...lostDealings(history, evidence),
      ...battleFindings(history, evidence),
      ...cityOwnerFindings(history, evidence),
      ...resurrected(history, documentsOf(evidence, 'nations')),
      ...lostRelations(history, evidence),
      ...lostHires(history, evidence),
      ...lostRounds(history, evidence),
      ...slotFindings(slots, generals, writers, unrecorded),
      ...refusedFindings(generals.values(), writers, slots),
      ...countFindings(actions, generals, evidence, unrecorded.size > 0),
      ...turnFindings(turns, documentsOf(evidence, 'turn_log')),
    ];
    const writes = [...actions.values()].reduce((sum, attempts) => sum + attempts.ok.length, 0);
    const others = history.filter(isOtherChange).length;
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${writes} acknowledged writes to ${actions.size} generals and ${turns.length} acknowledged turns are in the database${others > 0 ? `, and ${others} other changes` : ''}`,
      missing: missingReason(writes + turns.length + others, unrecorded),
    });
  },
};

/** An acknowledged change of something else than a general's own actions and the session's turns. */
function isOtherChange(operation: Operation): boolean {
  return operation.f !== 'turn' && saysDone(operation);
}

function missingReason(acknowledged: number, unrecorded: ReadonlySet<string>): string | null {
  if (acknowledged === 0) return 'no write was acknowledged';
  const [text] = unrecorded;
  if (text === undefined) return null;
  return `the database holds order "${text}", which no line of the history tells of: the history is not complete`;
}

function record(attempts: Map<string, Attempts>, key: string, operation: Operation): void {
  let own = attempts.get(key);
  if (own === undefined) {
    own = { ok: [], other: [] };
    attempts.set(key, own);
  }
  (operation.type === 'ok' ? own.ok : own.other).push(operation);
}

function ordersOf(general: Document | undefined): Document {
  const orders = general?.['orders'];
  return typeof orders === 'object' && orders !== null ? { ...orders } : {};
}

function unrecordedTexts(generals: Iterable<Document>, writers: ReadonlyMap<string, Operation>): Set<string> {
  const texts = new Set<string>();
  for (const general of generals) {
    for (const text of Object.values(ordersOf(general))) {
      if (typeof text === 'string' && clientText.test(text) && !writers.has(text)) texts.add(text);
    }
  }
  return texts;
}

/** The versions that two acknowledged writes made tell their order. */
function isLater(one: Operation, other: Operation): boolean {
  return numberField(one, 'version') > numberField(other, 'version');
}

function slotFindings(
  slots: ReadonlyMap<string, Attempts>,
  generals: ReadonlyMap<string, Document>,
  writers: ReadonlyMap<string, Operation>,
  unrecorded: ReadonlySet<string>,
): Finding[] {
  const findings: Finding[] = [];
  for (const { ok } of slots.values()) {
    const latest = ok.reduce<Operation | undefined>(
      (best, operation) => (best === undefined || isLater(operation, best) ? operation : best),
      undefined,
    );
    if (latest === undefined) continue;
    const general = generalKey(latest);
    const slot = numberField(latest, 'slot');
    const found = ordersOf(generals.get(general))[String(slot)];
    if (typeof found === 'string' && unrecorded.has(found)) continue;
    const writer = typeof found === 'string' ? writers.get(found) : undefined;
    const here =
      writer !== undefined && generalKey(writer) === general && numberField(writer, 'slot') === slot;
    if (here && isUnclear(writer)) continue;
    if (here && writer.type === 'ok' && !isLater(latest, writer)) continue;
    findings.push({
      definite: false,
      witness: () => ({
        summary: `order "${textField(latest, 'order')}" of general ${general} slot ${slot} was acknowledged and is missing: the database has ${describeFound(found, writer)}`,
        operations: writer === undefined ? [latest] : [writer, latest],
        facts: {
          general,
          slot,
          expected: textField(latest, 'order'),
          found: found ?? null,
          inDatabase: generals.has(general),
        },
      }),
    });
  }
  return findings;
}

/** What stands where nothing was acknowledged must at least not be the order of a write that was answered as failed. */
function refusedFindings(
  generals: Iterable<Document>,
  writers: ReadonlyMap<string, Operation>,
  slots: ReadonlyMap<string, Attempts>,
): Finding[] {
  const findings: Finding[] = [];
  for (const document of generals) {
    const general = `${textOf(document, 'session_id')}/${numberOf(document, 'no')}`;
    for (const [slot, text] of Object.entries(ordersOf(document))) {
      const writer = typeof text === 'string' ? writers.get(text) : undefined;
      // Slots with an acknowledged write are judged by that.
      const acknowledged = (slots.get(`${general}/${slot}`)?.ok.length ?? 0) > 0;
      if (writer === undefined || acknowledged || writer.type === 'ok' || isUnclear(writer)) continue;
      findings.push({
        definite: true,
        witness: () => ({
          summary: `order "${String(text)}" of general ${general} slot ${slot} was answered as failed, and the database has it`,
          operations: [writer],
          facts: { general, slot: Number(slot), found: text },
        }),
      });
    }
  }
  return findings;
}

function describeFound(found: unknown, writer: Operation | undefined): string {
  if (found === undefined) return 'nothing there';
  const text = JSON.stringify(found);
  if (writer === undefined) return `${text}, which nobody wrote`;
  if (writer.type === 'fail') return `${text}, whose write was answered as failed`;
  return `${text}, which was overwritten before`;
}

/** Of every general, each acknowledged action counted once, each of unknown end at most once. */
function countFindings(
  actions: ReadonlyMap<string, Attempts>,
  generals: ReadonlyMap<string, Document>,
  evidence: Evidence,
  incomplete: boolean,
): Finding[] {
  const seeded = new Map(
    (evidence.initial?.['generals'] ?? []).map((general) => [
      `${textOf(general, 'session_id')}/${numberOf(general, 'no')}`,
      typeof general['action_count'] === 'number' ? general['action_count'] : 0,
    ]),
  );
  const findings: Finding[] = [];
  for (const key of new Set([...actions.keys(), ...generals.keys()])) {
    const { ok, other } = actions.get(key) ?? { ok: [], other: [] };
    const unclear = other.filter(isUnclear);
    const least = (seeded.get(key) ?? 0) + ok.length;
    const most = least + unclear.length;
    const found = generals.get(key)?.['action_count'] ?? 0;
    const tooFew = typeof found !== 'number' || found < least;
    const tooMany = typeof found === 'number' && found > most && !incomplete;
    if (!tooFew && !tooMany) continue;
    findings.push({
      definite: tooMany,
      witness: () => ({
        summary: `general ${key} counts ${String(found)} actions, and ${least === most ? '' : `between ${least} and `}${most} took effect`,
        operations: [...unclear, ...ok].toSorted((left, right) => left.startedMs - right.startedMs).slice(-8),
        facts: {
          general: key,
          acknowledged: least,
          unclear: unclear.length,
          found,
          inDatabase: generals.has(key),
        },
      }),
    });
  }
  return findings;
}

/**
 * Each acknowledged action made a version, and a count, of its own, above those that had been acknowledged before it began, and none above the last. A document
 * that is still at its first version was never saved by its version, and says nothing about them.
 */
function versionFindings(
  actions: ReadonlyMap<string, Attempts>,
  generals: ReadonlyMap<string, Document>,
): Finding[] {
  return [...actions].flatMap(([general, { ok }]) => [
    ...quantityFindings('version', general, ok, lastVersion(generals.get(general))),
    ...quantityFindings('actionCount', general, ok, generals.get(general)?.['action_count']),
  ]);
}

function lastVersion(general: Document | undefined): unknown {
  const version = general?.['version'];
  return version === 1 ? undefined : version;
}

function quantityFindings(
  field: 'actionCount' | 'version',
  general: string,
  acknowledged: readonly Operation[],
  final: unknown,
): Finding[] {
  const known = new Frontier();
  const first = new Map<number, Operation>();
  for (const operation of acknowledged) known.add(numberField(operation, field), operation);
  return acknowledged.flatMap((operation) => {
    const value = numberField(operation, field);
    const same = first.get(value);
    first.set(value, operation);
    const before = known.firstAbove(value);
    const problem =
      same !== undefined
        ? { what: 'and so was another one', operations: [same, operation] }
        : before !== undefined && before.endedMs < operation.startedMs
          ? { what: `after ${numberField(before, field)} had been`, operations: [before, operation] }
          : typeof final === 'number' && final < value
            ? { what: `and the database has ${final}`, operations: [operation], atRest: true }
            : null;
    if (problem === null) return [];
    return [
      {
        definite: !('atRest' in problem),
        witness: () => ({
          summary: `a ${operation.f} of general ${general} was acknowledged as ${field} ${value}, ${problem.what}`,
          operations: problem.operations,
          facts: { general, acknowledged: value, found: final ?? null },
        }),
      },
    ];
  });
}

/** Experience comes of trainings, and of turns by the general's rank. */
function experienceFindings(history: readonly Operation[], evidence: Evidence): readonly Finding[] {
  const numbersOf = (documents: readonly Document[]) =>
    new Map(
      documents.flatMap((general) => {
        const { experience, no } = general;
        if (typeof experience !== 'number') return [];
        const key: string = `${textOf(general, 'session_id')}/${String(no)}`;
        return [[key, { experience, general }] as const];
      }),
    );
  const seeded = numbersOf(evidence.initial?.['generals'] ?? []);
  const final = numbersOf(documentsOf(evidence, 'generals'));
  const known = [...final].filter(([key]) => seeded.has(key));
  const experienceOf = (of: typeof seeded) =>
    new Map(known.flatMap(([key]) => [[key, of.get(key)?.experience ?? 0] as const]));
  return counted({
    operations: {
      f: 'train',
      where: (training) => final.has(generalKey(training)) && seeded.has(generalKey(training)),
    },
    key: generalKey,
    amount: 'amount',
    initial: () => experienceOf(seeded),
    final: () => experienceOf(final),
    beside: (key) => experienceOfTurns(seeded.get(key)?.general, final.get(key)?.general),
  }).examine(history, evidence).findings;
}

function experienceOfTurns(
  seeded: Document | undefined,
  final: Document | undefined,
): readonly [least: number, most: number] {
  const turns = Number(final?.['turns_lived'] ?? 0) - Number(seeded?.['turns_lived'] ?? 0);
  const rank = seeded?.['officer_level'];
  if (turns === 0) return [0, 0];
  if (typeof rank !== 'number') return [0, Infinity];
  // Whoever lost his nation lost his rank with it.
  const free = final?.['officer_level'] !== rank;
  return [turns * (free ? 1 : 1 + rank), turns * (1 + rank)];
}

function turnFindings(turns: readonly Operation[], log: readonly Document[]): Finding[] {
  const logged = new Set(log.map((entry) => `${textOf(entry, 'session_id')}/${numberOf(entry, 'turn')}`));
  return turns
    .filter((turn) => !logged.has(`${textField(turn, 'sessionId')}/${numberField(turn, 'turn')}`))
    .map((turn) => ({
      definite: false,
      witness: () => ({
        summary: `turn ${numberField(turn, 'turn')} of session ${textField(turn, 'sessionId')} was acknowledged and is not in the turn log`,
        operations: [turn],
        facts: { session: textField(turn, 'sessionId'), turn: numberField(turn, 'turn') },
      }),
    }));
}
