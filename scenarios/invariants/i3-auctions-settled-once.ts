/**
 * I3: each auction is settled at most once; item owner, gold taken and record agree. The record is in the auction, the bids and the
 * answers are in the history, the owner is in the item, and the gold is reckoned account by account.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { isObject, wrongAccounts } from './gold-ledger.ts';
import { suspectsOf } from './suspects.ts';

const identity = { invariant: 'I3', title: 'Each auction is settled once, and item, gold and record agree' };

/** What the clients did about one auction. */
interface Dealings {
  readonly openings: Operation[];
  readonly bids: Operation[];
  readonly settlements: Operation[];
}

export const auctionsSettledOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const dealings = dealingsByAuction(history);
    const auctions = new Map(documentsOf(evidence, 'auctions').map((auction) => [nameOf(auction), auction]));
    const findings: Finding[] = [];
    const unexplained: string[] = [];
    let settled = 0;
    for (const [id, auction] of auctions) {
      const own = dealings.get(id) ?? { openings: [], bids: [], settlements: [] };
      if (isObject(auction['settlement'])) settled += 1;
      findings.push(...recordFindings(auction, own), ...answerFindings(auction, own));
      const winner = explainWinner(auction, own.bids);
      if (winner === 'untold') unexplained.push(id);
      else if (winner !== null) findings.push(winner);
    }
    findings.push(...lostAuctions(dealings, auctions), ...itemFindings(evidence, dealings));
    findings.push(...goldFindings(history, evidence, dealings));
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${settled} of ${auctions.size} auctions were settled, each once, and item, gold and record agree`,
      missing: missingReason(settled, unexplained, evidence),
    });
  },
};

function missingReason(settled: number, unexplained: readonly string[], evidence: Evidence): string | null {
  if (settled === 0) return 'no auction was settled';
  const [first] = unexplained;
  if (first !== undefined) {
    return `no line of the history tells of the highest bid of ${first}: the history is not complete`;
  }
  return evidence.initial === undefined ? 'the gold of the seeded world was not read' : null;
}

function dealingsByAuction(history: readonly Operation[]): Map<string, Dealings> {
  const dealings = new Map<string, Dealings>();
  const lists = { bid: 'bids', 'open-auction': 'openings', settle: 'settlements' } as const;
  for (const operation of history) {
    const list = operation.f in lists ? lists[operation.f as keyof typeof lists] : undefined;
    // An opening without an answer has no name to be found by.
    if (list === undefined || typeof operation.value['auction'] !== 'string') continue;
    const id = `${textField(operation, 'sessionId')}:a${textField(operation, 'auction')}`;
    let own = dealings.get(id);
    if (own === undefined) dealings.set(id, (own = { openings: [], bids: [], settlements: [] }));
    own[list].push(operation);
  }
  return dealings;
}

/** The auction's own fields, all written in one transaction. */
function recordFindings(auction: Document, { bids, settlements }: Dealings): Finding[] {
  const settlement = auction['settlement'];
  const highest = isObject(auction['highest_bid']) ? auction['highest_bid'] : null;
  const expected = isObject(settlement)
    ? { status: 'completed', escrow: 0, winner: highest?.['bidder'] ?? null, price: highest?.['amount'] ?? 0 }
    : { status: 'open', escrow: highest?.['amount'] ?? 0 };
  const found: Record<string, unknown> = {
    status: auction['status'],
    escrow: auction['escrow'],
    ...(isObject(settlement) ? { winner: settlement['winner'], price: settlement['price'] } : {}),
  };
  const differing = Object.entries(expected).filter(([field, value]) => found[field] !== value);
  const [first] = differing;
  if (first === undefined) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `auction ${nameOf(auction)}, ${isObject(settlement) ? 'settled' : 'not settled'}, has ${first[0]} ${String(found[first[0]])}, and its highest bid asks for ${String(first[1])}`,
        operations: suspectsOf([...bids, ...settlements]),
        facts: { auction: nameOf(auction), expected, found, highestBid: highest },
      }),
    },
  ];
}

/** What the clients were told: of settlements, that they are one and the same; of bids, that the highest one won. */
function answerFindings(auction: Document, { bids, settlements }: Dealings): Finding[] {
  const id = nameOf(auction);
  const findings: Finding[] = [];
  const answered = settlements.filter(({ type }) => type === 'ok');
  const applied = answered.filter(({ value }) => value['outcome'] === 'applied');
  if (applied.length > 1) {
    findings.push({
      definite: true,
      witness: () => ({
        summary: `auction ${id} was acknowledged as settled ${applied.length} times`,
        operations: suspectsOf(applied),
        facts: { auction: id, settlements: applied.length },
      }),
    });
  }
  const settlement = auction['settlement'];
  const record = isObject(settlement) ? settlement : { winner: 'nobody yet', price: 'nothing yet' };
  const otherwise = answered.find(
    ({ value }) => value['winner'] !== record['winner'] || value['price'] !== record['price'],
  );
  if (otherwise !== undefined) {
    findings.push({
      definite: true,
      witness: () => ({
        summary: `the settlement of auction ${id} was acknowledged with winner ${String(otherwise.value['winner'])} at ${String(otherwise.value['price'])} gold, and its record says ${String(record['winner'])} at ${String(record['price'])}`,
        operations: [otherwise],
        facts: { auction: id, record },
      }),
    });
  }
  const highest = isObject(auction['highest_bid']) ? numberOf(auction['highest_bid'], 'amount') : 0;
  const lost = bids.find((bid) => bid.type === 'ok' && numberField(bid, 'amount') > highest);
  if (lost !== undefined) {
    findings.push({
      definite: true,
      witness: () => ({
        summary: `a bid of ${numberField(lost, 'amount')} gold on auction ${id} was acknowledged, and its highest bid is ${highest}`,
        operations: [lost],
        facts: { auction: id, acknowledged: numberField(lost, 'amount'), highestBid: highest },
      }),
    });
  }
  return findings;
}

/** Null when a bid that may have taken effect is the highest; `untold` when the history has no such bid at all. */
function explainWinner(auction: Document, bids: readonly Operation[]): Finding | 'untold' | null {
  const highest = auction['highest_bid'];
  if (!isObject(highest)) return null;
  const such = bids.filter(
    ({ value }) => value['bidder'] === highest['bidder'] && value['amount'] === highest['amount'],
  );
  if (such.length === 0) return 'untold';
  if (such.some((bid) => bid.type === 'ok' || isUnclear(bid))) return null;
  return {
    definite: true,
    witness: () => ({
      summary: `the highest bid of auction ${nameOf(auction)} was answered as failed`,
      operations: suspectsOf(such),
      facts: { auction: nameOf(auction), highestBid: highest },
    }),
  };
}

function lostAuctions(
  dealings: ReadonlyMap<string, Dealings>,
  auctions: ReadonlyMap<string, Document>,
): Finding[] {
  return [...dealings].flatMap(([id, { openings }]) => {
    const opened = openings.find(({ type }) => type === 'ok');
    if (opened === undefined || auctions.has(id)) return [];
    const witness = () => ({
      summary: `auction ${id} was opened and is not in the database`,
      operations: [opened],
      facts: { auction: id },
    });
    return [{ definite: true, witness }];
  });
}

/** An item belongs to whoever won it last, and is bound to the auction that is open for it, if one is. */
function itemFindings(evidence: Evidence, dealings: ReadonlyMap<string, Dealings>): Finding[] {
  const byItem = Map.groupBy(
    documentsOf(evidence, 'auctions'),
    (auction) => `${textOf(auction, 'session_id')}:i${numberOf(auction, 'item')}`,
  );
  // Which settlement was the last is told by the processes' clocks, unless one of them was shifted.
  const skewed = evidence.faults.some(({ fault }) => fault === 'clock-jump');
  return documentsOf(evidence, 'items').flatMap((item) => {
    const own = byItem.get(nameOf(item)) ?? [];
    const open = own.filter((auction) => !isObject(auction['settlement']));
    const last = skewed ? own.filter((auction) => isObject(auction['settlement'])) : latestSettled(own);
    const owners = last.map(ownerAfter);
    const boundTo = open.map((auction) => auction['auction']);
    const bound = item['auction'] ?? null;
    const ownerFits = owners.length === 0 || owners.includes(item['owner']);
    const sellerFits = open.every((auction) => auction['seller'] === item['owner']);
    const boundFits = boundTo.length === 0 ? bound === null : boundTo.length === 1 && bound === boundTo[0];
    if (ownerFits && sellerFits && boundFits) return [];
    return [
      {
        definite: false,
        witness: () => ({
          summary: ownerFits
            ? `item ${nameOf(item)} is bound to auction ${String(bound)} of owner ${String(item['owner'])}, and open for it are ${JSON.stringify(boundTo)}`
            : `item ${nameOf(item)} belongs to general ${String(item['owner'])}, and its last auction gave it to general ${String(owners[0])}`,
          operations: suspectsOf(
            [...last, ...open].flatMap((auction) => dealings.get(nameOf(auction))?.settlements ?? []),
          ),
          facts: { item: nameOf(item), owner: item['owner'], expectedOwners: owners, bound, open: boundTo },
        }),
      },
    ];
  });
}

/** More than one only when they were settled in the same millisecond. */
function latestSettled(auctions: readonly Document[]): readonly Document[] {
  const atMs = (auction: Document) =>
    isObject(auction['settlement']) ? Date.parse(textOf(auction['settlement'], 'settled_at')) : -Infinity;
  const latestMs = auctions.reduce((latest, auction) => Math.max(latest, atMs(auction)), -Infinity);
  return latestMs === -Infinity ? [] : auctions.filter((auction) => atMs(auction) === latestMs);
}

function ownerAfter(auction: Document): unknown {
  const settlement = auction['settlement'];
  return (isObject(settlement) ? settlement['winner'] : null) ?? auction['seller'];
}

/** Accounts in which auctions alone moved gold: others are judged with what else moved it. */
function goldFindings(
  history: readonly Operation[],
  evidence: Evidence,
  dealings: ReadonlyMap<string, Dealings>,
): Finding[] {
  return wrongAccounts(history, evidence)
    .filter(({ auctions, rewards, hires }) => auctions.length > 0 && rewards.length + hires.length === 0)
    .map((account) => ({
      definite: false,
      witness: () => ({
        summary: `general ${account.owner} has ${account.found} gold, and by the records of ${account.auctions.length} auctions he should have ${account.expected}`,
        operations: suspectsOf(account.auctions.flatMap((id) => dealings.get(id)?.settlements ?? [])),
        facts: { ...account },
      }),
    }));
}
