/**
 * I3: each auction is settled at most once; item owner, gold taken and record agree. The record is in the auction, the bids and the
 * answers are in the history, the owner is in the item, and the gold is reckoned account by account.
 */
import { isUnclear, numberField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { type Dealings, dealingsByAuction } from './dealings.ts';
import { documentsOf, isRecord, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { wrongAccounts } from './gold-ledger.ts';
import { auctionTimeFindings, soldTwice } from './auction-times.ts';
import { suspectsOf } from './suspects.ts';
import { preservedFindings } from './world.ts';

const identity = { invariant: 'I3', title: 'Each auction is settled once, and item, gold and record agree' };

export const auctionsSettledOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const dealings = dealingsByAuction(history);
    const auctions = new Map(documentsOf(evidence, 'auctions').map((auction) => [nameOf(auction), auction]));
    const findings: Finding[] = [...preservedFindings(evidence, 'auctions', 'items')];
    const unexplained: string[] = [];
    let settled = 0;
    for (const [id, auction] of auctions) {
      const own = dealings.get(id) ?? { openings: [], bids: [], settlements: [] };
      if (isRecord(auction['settlement'])) settled += 1;
      findings.push(
        ...recordFindings(auction, own),
        ...answerFindings(auction, own),
        ...bidFindings(id, own),
        ...auctionTimeFindings(id, own),
      );
      const winner = explainWinner(auction, own.bids);
      if (winner === 'untold') unexplained.push(id);
      else if (winner !== null) findings.push(winner);
    }
    findings.push(...lostAuctions(dealings, auctions), ...itemFindings(evidence, dealings));
    findings.push(...soldTwice(dealings));
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

/** What was acknowledged of auctions and is not so. */
export function lostDealings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const dealings = dealingsByAuction(history);
  const auctions = new Map(documentsOf(evidence, 'auctions').map((auction) => [nameOf(auction), auction]));
  return [
    ...lostAuctions(dealings, auctions),
    ...[...auctions].flatMap(([id, auction]) => {
      const own = dealings.get(id);
      return own === undefined ? [] : [...answerFindings(auction, own), ...bidFindings(id, own)];
    }),
  ];
}

/** The auction's own fields, all written in one transaction. */
function recordFindings(auction: Document, { bids, settlements }: Dealings): Finding[] {
  const settlement = auction['settlement'];
  const highest = isRecord(auction['highest_bid']) ? auction['highest_bid'] : null;
  const expected = isRecord(settlement)
    ? { status: 'completed', escrow: 0, winner: highest?.['bidder'] ?? null, price: highest?.['amount'] ?? 0 }
    : { status: 'open', escrow: highest?.['amount'] ?? 0 };
  const found: Record<string, unknown> = {
    status: auction['status'],
    escrow: auction['escrow'],
    ...(isRecord(settlement) ? { winner: settlement['winner'], price: settlement['price'] } : {}),
  };
  const differing = Object.entries(expected).filter(([field, value]) => found[field] !== value);
  const [first] = differing;
  if (first === undefined) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `auction ${nameOf(auction)}, ${isRecord(settlement) ? 'settled' : 'not settled'}, has ${first[0]} ${String(found[first[0]])}, and its highest bid asks for ${String(first[1])}`,
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
  const record = isRecord(settlement) ? settlement : null;
  const otherwise = answered.find(
    ({ value }) => value['winner'] !== record?.['winner'] || value['price'] !== record?.['price'],
  );
  if (otherwise !== undefined) {
    findings.push({
      definite: true,
      witness: () => ({
        summary: `the settlement of auction ${id} was acknowledged with winner ${String(otherwise.value['winner'])} at ${String(otherwise.value['price'])} gold, and ${record === null ? 'the auction is not settled' : `its record says ${String(record['winner'])} at ${String(record['price'])}`}`,
        operations: [otherwise],
        facts: { auction: id, record },
      }),
    });
  }
  const highest = isRecord(auction['highest_bid']) ? numberOf(auction['highest_bid'], 'amount') : 0;
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
  if (!isRecord(highest)) return null;
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

/** What was acknowledged of an auction that is not there, and an auction that is otherwise than it was opened. */
function lostAuctions(
  dealings: ReadonlyMap<string, Dealings>,
  auctions: ReadonlyMap<string, Document>,
): Finding[] {
  return [...dealings].flatMap(([id, { openings, bids, settlements }]): Finding[] => {
    const known = [...openings, ...bids, ...settlements].find(({ type }) => type === 'ok');
    const auction = auctions.get(id);
    if (known === undefined) return [];
    const opened = openings.find(({ type }) => type === 'ok');
    const terms = [
      ['item', 'item'],
      ['seller', 'seller'],
      ['startingBid', 'starting_bid'],
    ] as const;
    const changed = terms.find(
      ([told, field]) =>
        opened !== undefined &&
        auction !== undefined &&
        told in opened.value &&
        field in auction &&
        auction[field] !== opened.value[told],
    );
    if (auction !== undefined && changed === undefined) return [];
    const what =
      changed === undefined
        ? 'is not in the database'
        : `has ${changed[1]} ${String(auction?.[changed[1]])} instead of ${String(opened?.value[changed[0]])}`;
    const witness = () => ({
      summary: `auction ${id} was ${opened === undefined ? `acknowledged by a ${known.f}` : 'opened'} and ${what}`,
      operations: [opened ?? known],
      facts: { auction: id, found: auction ?? null },
    });
    return [{ definite: true, witness }];
  });
}

/**
 * Bids of one auction rise, so their amounts tell in which order they were accepted: what was acknowledged must fit that order, and a settlement ends it. Only
 * the clients' times are used, which are of one clock.
 */
function bidFindings(id: string, { bids, settlements }: Dealings): Finding[] {
  const accepted = bids
    .filter(({ type }) => type === 'ok')
    .toSorted((left, right) => numberField(left, 'amount') - numberField(right, 'amount'));
  const settled = settlements
    .filter(({ type }) => type === 'ok')
    .reduce<Operation | undefined>(
      (first, one) => (first === undefined || one.endedMs < first.endedMs ? one : first),
      undefined,
    );
  const findings: Finding[] = [];
  // The higher bid that was acknowledged first, of those looked at from the highest down.
  let higher: Operation | undefined;
  for (const [index, bid] of accepted.entries().toArray().toReversed()) {
    const amount = numberField(bid, 'amount');
    const equal = accepted[index + 1];
    if (equal !== undefined && numberField(equal, 'amount') === amount)
      findings.push(impossibleBid(id, bid, equal, 'was too, and only one of both can be the higher'));
    else if (higher !== undefined && higher.endedMs < bid.startedMs)
      findings.push(impossibleBid(id, bid, higher, 'had been before it began'));
    if (settled !== undefined && settled.endedMs < bid.startedMs)
      findings.push(impossibleBid(id, bid, settled, 'had been before it began'));
    if (higher === undefined || bid.endedMs < higher.endedMs) higher = bid;
  }
  return findings;
}

function impossibleBid(id: string, bid: Operation, other: Operation, how: string): Finding {
  const what =
    other.f === 'bid' ? `a bid of ${numberField(other, 'amount')} gold` : 'the settlement of the auction';
  return {
    definite: true,
    witness: () => ({
      summary: `a bid of ${numberField(bid, 'amount')} gold on auction ${id} was acknowledged, and ${what} ${how}`,
      operations: [other, bid],
      facts: { auction: id, bid: bid.value, other: other.value },
    }),
  };
}

/**
 * An item is sold by its owner and then belongs to the winner, so its auctions form a chain from the seeded owner, whatever the clocks of the
 * processes say: each general is given it as often as he gives it away, but the first owner, who gives once more, and the last.
 */
function itemFindings(evidence: Evidence, dealings: ReadonlyMap<string, Dealings>): Finding[] {
  const byItem = Map.groupBy(
    documentsOf(evidence, 'auctions'),
    (auction) => `${textOf(auction, 'session_id')}:i${numberOf(auction, 'item')}`,
  );
  const seeded = new Map((evidence.initial?.['items'] ?? []).map((item) => [nameOf(item), item['owner']]));
  return documentsOf(evidence, 'items').flatMap((item) => {
    const own = byItem.get(nameOf(item)) ?? [];
    const open = own.filter((auction) => !isRecord(auction['settlement']));
    const owners = ownersAfter(
      own.filter((auction) => isRecord(auction['settlement'])),
      seeded.get(nameOf(item)),
    );
    const boundTo = open.map((auction) => auction['auction']);
    const bound = item['auction'] ?? null;
    const ownerFits = owners === null || owners.includes(item['owner']);
    const sellerFits = open.every((auction) => auction['seller'] === item['owner']);
    const boundFits = boundTo.length === 0 ? bound === null : boundTo.length === 1 && bound === boundTo[0];
    if (ownerFits && sellerFits && boundFits) return [];
    return [
      {
        definite: false,
        witness: () => ({
          summary: ownerFits
            ? `item ${nameOf(item)} is bound to auction ${String(bound)} of owner ${String(item['owner'])}, and open for it are ${JSON.stringify(boundTo)}`
            : `item ${nameOf(item)} belongs to general ${String(item['owner'])}, and ${owners.length === 0 ? 'its auctions form no chain of owners' : `its ${own.length} auctions gave it to general ${owners.map(String).join(' or ')}`}`,
          operations: suspectsOf(own.flatMap((auction) => dealings.get(nameOf(auction))?.settlements ?? [])),
          facts: {
            item: nameOf(item),
            seededOwner: seeded.get(nameOf(item)) ?? null,
            owner: item['owner'],
            expectedOwners: owners,
            bound,
            open: boundTo,
          },
        }),
      },
    ];
  });
}

/** Who may own an item after these auctions, or null when nothing tells. None when they cannot follow one another. */
function ownersAfter(settled: readonly Document[], seededOwner: unknown): readonly unknown[] | null {
  if (settled.length === 0) return seededOwner === undefined ? null : [seededOwner];
  const surplus = new Map<unknown, number>(seededOwner === undefined ? [] : [[seededOwner, 1]]);
  for (const auction of settled) {
    surplus.set(auction['seller'], (surplus.get(auction['seller']) ?? 0) - 1);
    const owner = ownerAfter(auction);
    surplus.set(owner, (surplus.get(owner) ?? 0) + 1);
  }
  const last = [...surplus].filter(([, count]) => count > 0);
  const first = [...surplus].filter(([, count]) => count < 0);
  const ends = last.reduce((sum, [, count]) => sum + count, 0);
  if (seededOwner !== undefined) return ends === 1 && first.length === 0 ? last.map(([owner]) => owner) : [];
  // Without a first owner a chain that ends where it began may begin anywhere.
  if (ends === 0) return [...surplus.keys()];
  return ends === 1 ? last.map(([owner]) => owner) : [];
}

function ownerAfter(auction: Document): unknown {
  const settlement = auction['settlement'];
  return (isRecord(settlement) ? settlement['winner'] : null) ?? auction['seller'];
}

/** Accounts that auctions moved, and those that nothing should have moved, for a refund may go to anybody. */
function goldFindings(
  history: readonly Operation[],
  evidence: Evidence,
  dealings: ReadonlyMap<string, Dealings>,
): Finding[] {
  return wrongAccounts(history, evidence, 'auctions').map((account) => ({
    definite: false,
    witness: () => ({
      summary: `${account.owner} has ${account.found} gold and should have ${account.expected}${account.auctions.length > 0 ? ` by the records of ${account.auctions.length} auctions` : ''}`,
      operations: suspectsOf(
        account.auctions.length > 0
          ? account.auctions.flatMap((id) => dealings.get(id)?.settlements ?? [])
          : [...dealings.values()].flatMap(({ bids }) => bids).filter((bid) => isOfOwner(bid, account.owner)),
      ),
      facts: { ...account },
    }),
  }));
}

function isOfOwner({ value }: Operation, owner: string): boolean {
  return owner === `${String(value['sessionId'])}:g${String(value['bidder'])}`;
}
