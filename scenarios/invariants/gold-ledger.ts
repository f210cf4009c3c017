/**
 * How much gold everybody should have: what the world was seeded with, and what auctions, rewards and hires moved since. What moved
 * is written down in the documents of auctions and tournaments and in the generals who were paid, so each account can be
 * reckoned by itself, and a sum that does not fit has a name.
 */
import { textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, isRecord, numberOf, textOf, type Document } from './documents.ts';
import { suspectsOf } from './suspects.ts';

export interface Account {
  readonly owner: string;
  readonly expected: number;
  readonly found: number;
  /** What moved gold of this account. */
  readonly auctions: readonly string[];
  readonly rewards: readonly string[];
  readonly hires: readonly string[];
}

interface Moves {
  gold: number;
  readonly auctions: string[];
  readonly rewards: string[];
  readonly hires: string[];
}

/** Accounts of generals and nations by `_id`; null when the run did not read what the world was seeded with. */
export function reckonGold(
  history: readonly Operation[],
  evidence: Evidence,
): ReadonlyMap<string, Account> | null {
  if (evidence.initial === undefined) return null;
  const opening = openingBalances(evidence.initial);
  const moves = new Map<string, Moves>();
  const moved = (owner: string): Moves => {
    let own = moves.get(owner);
    if (own === undefined) moves.set(owner, (own = { gold: 0, auctions: [], rewards: [], hires: [] }));
    return own;
  };
  for (const auction of documentsOf(evidence, 'auctions')) addAuction(auction, moved);
  addRewards(evidence, moved);
  addHires(history, evidence, opening, moved);
  const accounts = new Map<string, Account>();
  for (const collection of ['generals', 'nations']) {
    for (const document of documentsOf(evidence, collection)) {
      const owner = textOf(document, '_id');
      const balance = opening.get(owner);
      if (balance === undefined || typeof document['gold'] !== 'number') continue;
      const own = moved(owner);
      accounts.set(owner, {
        ...own,
        owner,
        expected: balance + own.gold,
        found: numberOf(document, 'gold'),
      });
    }
  }
  return accounts;
}

/**
 * Accounts that hold something else than they should by all kinds of work together, so that gold that went to a wrong account is seen although the sum
 * fits. None when that cannot be reckoned, or when no line of the history tells who hired one of the generals.
 */
export function misfitFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const accounts = reckonGold(history, evidence);
  if (accounts === null || hasUntoldGeneral(evidence, accounts)) return [];
  return [...accounts.values()]
    .filter(({ expected, found }) => expected !== found)
    .map((account) => ({
      definite: false,
      witness: () => ({
        summary: `${account.owner} has ${account.found} gold and should have ${account.expected}${byWhat(account)}`,
        operations: suspectsOf(history.filter((operation) => concerns(operation, account))),
        facts: { ...account },
      }),
    }));
}

function hasUntoldGeneral(evidence: Evidence, accounts: ReadonlyMap<string, Account>): boolean {
  return documentsOf(evidence, 'generals').some(
    (general) => typeof general['gold'] === 'number' && !accounts.has(textOf(general, '_id')),
  );
}

/** Whether it names the general or nation whose account it is, or an auction that moved gold of it. */
function concerns({ value }: Operation, { owner, auctions }: Account): boolean {
  const session = String(value['sessionId']);
  const people = [value['bidder'], value['seller'], value['no']].map((no) => `${session}:g${String(no)}`);
  return (
    people.includes(owner) ||
    owner === `${session}:n${String(value['nation'])}` ||
    auctions.includes(`${session}:a${String(value['auction'])}`)
  );
}

function byWhat(account: Account): string {
  const moved = kinds.filter((kind) => account[kind].length > 0);
  if (moved.length === 0) return ': nothing should have moved any';
  return ` by ${moved.map((kind) => `${account[kind].length} ${kind}`).join(' and ')}`;
}

type Kind = 'auctions' | 'hires' | 'rewards';
const kinds: readonly Kind[] = ['auctions', 'hires', 'rewards'];

/**
 * Accounts that hold something else than they should and may do so for this kind of work: those that it moved, and, where it moved anything at all, those
 * that nothing should have moved. None when that cannot be reckoned.
 */
export function wrongAccounts(
  history: readonly Operation[],
  evidence: Evidence,
  kind: Kind,
): readonly Account[] {
  const accounts = [...(reckonGold(history, evidence)?.values() ?? [])];
  const moved = accounts.some((account) => account[kind].length > 0);
  if (!moved) return [];
  return accounts.filter(
    (account) =>
      account.expected !== account.found &&
      (account[kind].length > 0 || kinds.every((other) => account[other].length === 0)),
  );
}

function openingBalances(initial: NonNullable<Evidence['initial']>): Map<string, number> {
  const owners = [...(initial['generals'] ?? []), ...(initial['nations'] ?? [])];
  return new Map(
    owners.flatMap((owner) =>
      typeof owner['gold'] === 'number' ? [[textOf(owner, '_id'), owner['gold']] as const] : [],
    ),
  );
}

function addAuction(auction: Document, moved: (owner: string) => Moves): void {
  const general = (no: number) => moved(`${textOf(auction, 'session_id')}:g${no}`);
  const name = textOf(auction, '_id');
  const settlement = auction['settlement'];
  if (isRecord(settlement)) {
    const winner = settlement['winner'];
    if (typeof winner !== 'number') return;
    const price = numberOf(settlement, 'price');
    move(general(winner), -price, 'auctions', name);
    move(general(numberOf(auction, 'seller')), price, 'auctions', name);
    return;
  }
  const highest = auction['highest_bid'];
  if (isRecord(highest))
    move(general(numberOf(highest, 'bidder')), -numberOf(auction, 'escrow'), 'auctions', name);
}

/** Each key in a general's list of rewards is gold he has, beyond those he began with. */
function addRewards(evidence: Evidence, moved: (owner: string) => Moves): void {
  const worth = new Map<string, number>();
  for (const tournament of documentsOf(evidence, 'tournaments')) {
    for (const reward of rewardsOf(tournament))
      worth.set(`${textOf(tournament, 'session_id')}/${textOf(reward, 'key')}`, numberOf(reward, 'gold'));
  }
  if (worth.size === 0) return;
  const before = new Map(
    (evidence.initial?.['generals'] ?? []).map((general) => [general['_id'], keysOf(general).length]),
  );
  for (const general of documentsOf(evidence, 'generals')) {
    for (const key of keysOf(general).slice(before.get(general['_id']) ?? 0)) {
      const gold = worth.get(`${textOf(general, 'session_id')}/${key}`) ?? 0;
      move(moved(textOf(general, '_id')), gold, 'rewards', key);
    }
  }
}

/** A hired general begins with what his nation paid: the clients know how much, for his name is unique in a run. */
function addHires(
  history: readonly Operation[],
  evidence: Evidence,
  opening: Map<string, number>,
  moved: (owner: string) => Moves,
): void {
  const hires = new Map<string, Operation>();
  for (const operation of history) {
    if (operation.f !== 'hire') continue;
    hires.set(`${textField(operation, 'sessionId')}/${textField(operation, 'name')}`, operation);
  }
  if (hires.size === 0) return;
  for (const general of documentsOf(evidence, 'generals')) {
    const id = textOf(general, '_id');
    const session = textOf(general, 'session_id');
    const hire = hires.get(`${session}/${String(general['name'])}`);
    if (hire === undefined || opening.has(id)) continue;
    const gold = numberOf(hire.value, 'gold');
    opening.set(id, 0);
    move(moved(id), gold, 'hires', id);
    move(moved(`${session}:n${numberOf(hire.value, 'nation')}`), -gold, 'hires', id);
  }
}

function move(moves: Moves, gold: number, by: Kind, name: string): void {
  moves.gold += gold;
  moves[by].push(name);
}

export function rewardsOf(tournament: Document): readonly Document[] {
  const rewards = tournament['rewards'];
  return Array.isArray(rewards) ? rewards.filter(isRecord) : [];
}

/** Keys of the rewards a general was paid. */
export function keysOf(general: Document): readonly string[] {
  const keys = general['rewards'];
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}
