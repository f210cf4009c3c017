/**
 * What an operation's `value` holds, by its `f` (docs/data.md). Checked when a history is read, so that a foreign or
 * damaged line is named there and not found out as a strange verdict. An `f` that is not listed is refused, or nothing would judge it.
 */
import { z } from 'zod';
import type { Operation } from '../../reports/history/operation.ts';

const session = { sessionId: z.string(), status: z.int() };
const general = { ...session, no: z.int() };
const auction = { ...session, auction: z.string() };
const city = { ...session, city: z.int() };
const nation = { ...session, nation: z.int() };
const outcome = { outcome: z.string() };
const hire = { ...nation, name: z.string(), gold: z.int(), population: z.int() };
const opening = { ...session, item: z.int(), seller: z.int() };
const relation = { ...session, from: z.int(), to: z.int(), state: z.string() };
const round = { ...session, tournament: z.string(), round: z.int() };
const reserve = { ...general, slot: z.int(), order: z.string() };
const acknowledged = { version: z.int(), actionCount: z.int() };

const listed = {
  attempted: z.object(session),
  ended: z.object({ ...session, count: z.int(), versions: z.record(z.string(), z.unknown()).optional() }),
};

/** `attempted` is on every line, `ended` on those that ended `ok` only. */
const valueSchemas = new Map<string, { attempted: z.ZodType; ended: z.ZodType }>(
  Object.entries({
    'ask-health': { attempted: z.object(session), ended: z.object(session) },
    bid: {
      attempted: z.object({ ...auction, bidder: z.int(), amount: z.int() }),
      ended: z.object({ ...auction, ...outcome, bidder: z.int(), amount: z.int() }),
    },
    destroy: {
      attempted: z.object(nation),
      ended: z.object({ ...nation, ...outcome }),
    },
    diplomacy: {
      attempted: z.object(relation),
      ended: z.object({ ...relation, ...outcome }),
    },
    'finish-battle': {
      attempted: z.object({ ...session, battle: z.string() }),
      ended: z.object({ ...session, ...outcome, battle: z.string(), city: z.int() }),
    },
    hire: {
      attempted: z.object(hire),
      ended: z.object({ ...hire, ...outcome, no: z.int() }),
    },
    'list-cities': listed,
    'list-generals': listed,
    'list-nations': listed,
    occupy: {
      attempted: z.object({ ...city, no: z.int() }),
      ended: z.object({ ...city, ...outcome, no: z.int(), nation: z.int(), from: z.int() }),
    },
    'open-auction': {
      attempted: z.object(opening),
      ended: z.object({ ...opening, ...outcome, auction: z.string() }),
    },
    'play-round': {
      attempted: z.object(round),
      ended: z.object({ ...round, ...outcome, currentRound: z.int(), owed: z.int() }),
    },
    probe: {
      attempted: z.object({ ...session, what: z.string(), expected: z.int() }),
      ended: z.object({ ...session, what: z.string(), expected: z.int() }),
    },
    'read-city': {
      attempted: z.object({ ...session, city: z.int() }),
      ended: z.object({ ...session, city: z.int(), version: z.int() }),
    },
    'read-general': {
      attempted: z.object(general),
      ended: z.object({ ...general, version: z.int(), lastTurn: z.int(), turnsLived: z.int() }),
    },
    'read-nation': {
      attempted: z.object({ ...session, nation: z.int() }),
      ended: z.object({ ...session, nation: z.int(), version: z.int() }),
    },
    'read-session': {
      attempted: z.object(session),
      ended: z.object({ ...session, turn: z.int(), version: z.int() }),
    },
    reserve: {
      attempted: z.object(reserve),
      ended: z.object({ ...reserve, ...acknowledged }),
    },
    settle: {
      attempted: z.object(auction),
      ended: z.object({ ...auction, ...outcome, winner: z.int().nullable(), price: z.int() }),
    },
    train: {
      attempted: z.object({ ...general, amount: z.number() }),
      ended: z.object({ ...general, amount: z.number(), ...acknowledged }),
    },
    turn: {
      attempted: z.object({ ...session, turn: z.int() }),
      ended: z.object({ ...session, turn: z.int(), outcome: z.string(), currentTurn: z.int() }),
    },
  }),
);

/** What is wrong with the operation's value, with the field's name, or null when it is as docs/data.md says. */
export function valueProblem(operation: Operation): string | null {
  const schemas = valueSchemas.get(operation.f);
  if (schemas === undefined) return `f: "${operation.f}" is no operation of the game`;
  const schema = operation.type === 'ok' ? schemas.ended : schemas.attempted;
  const parsed = schema.safeParse(operation.value);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  return issue === undefined ? 'value' : `value.${issue.path.join('.')}: ${issue.message}`;
}
