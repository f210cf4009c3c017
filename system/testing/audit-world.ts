/** What must hold of a world at rest, read straight from the database: the invariants that compound operations could break. */
import type { System } from '../system.ts';

/** Every broken rule in words; empty when all is well. `gold`: what there was of it in the beginning. */
export async function auditWorld(system: System, sessionId: string, gold: number): Promise<string[]> {
  const { city, general, nation } = system.collections.entities;
  const filter = { session_id: sessionId };
  const [cities, generals, nations, auctions, items, relations, tournaments] = await Promise.all([
    city.documents.find(filter).toArray(),
    general.documents.find(filter).toArray(),
    nation.documents.find(filter).toArray(),
    system.collections.auctions.documents.find(filter).toArray(),
    system.collections.items.documents.find(filter).toArray(),
    system.collections.relations.documents.find(filter).toArray(),
    system.collections.tournaments.documents.find(filter).toArray(),
  ]);
  const broken: string[] = [];
  const expect = (holds: boolean, rule: string) => {
    if (!holds) broken.push(rule);
  };
  for (const { nation: number, status, city_count, allies } of nations) {
    const owned = cities.filter((each) => each.nation === number).length;
    expect(owned === city_count, `nation ${number} counts ${city_count} cities and owns ${owned}`);
    if (status === 'active') continue;
    expect(owned === 0, `destroyed nation ${number} owns cities`);
    expect(!generals.some((each) => each.nation === number), `destroyed nation ${number} has generals`);
    expect(
      !relations.some(({ from, to }) => from === number || to === number),
      `destroyed ${number} has relations`,
    );
    expect(allies.length === 0, `destroyed nation ${number} has allies`);
  }
  for (const { from, to, state } of relations) {
    const back = relations.find((each) => each.from === to && each.to === from);
    expect(back?.state === state, `${from} is at ${state} with ${to}, the other way it is ${back?.state}`);
  }
  for (const { nation: number, allies } of nations) {
    const allied = relations
      .filter(({ from, state }) => from === number && state === 'alliance')
      .map(({ to }) => to);
    expect(
      String(allied.toSorted((a, b) => a - b)) === String(allies),
      `allies of ${number}: ${allies}, not ${allied}`,
    );
  }
  for (const { auction, settlement, item, seller, escrow, highest_bid } of auctions) {
    const sold = items.find((each) => each.item === item);
    if (settlement === null) {
      expect(escrow === (highest_bid?.amount ?? 0), `auction ${auction} keeps ${escrow}`);
      continue;
    }
    expect(escrow === 0, `settled auction ${auction} keeps ${escrow}`);
    const resold = auctions.filter((each) => each.item === item).length > 1;
    expect(resold || sold?.owner === (settlement.winner ?? seller), `item ${item} is not its winner's`);
  }
  const all = [...generals, ...nations];
  expect(
    all.every((each) => each.gold >= 0),
    'a general has negative gold',
  );
  const kept = auctions.map(({ escrow }) => escrow).concat(tournaments.map(({ pool }) => pool));
  const total = totalGold(all) + kept.reduce((sum, each) => sum + each, 0);
  for (const { tournament, rewards } of tournaments) {
    for (const { key, no, paid } of rewards) {
      const times = generals.find((each) => each.no === no)?.rewards.filter((each) => each === key).length;
      expect(times === (paid ? 1 : 0), `reward ${key} of ${tournament} was paid ${times} times`);
    }
  }
  expect(total === gold, `there are ${total} gold, there were ${gold}`);
  return broken;
}

export async function countGold(system: System, sessionId: string): Promise<number> {
  const filter = { session_id: sessionId };
  const generals = await system.collections.entities.general.documents.find(filter).toArray();
  const nations = await system.collections.entities.nation.documents.find(filter).toArray();
  const tournaments = await system.collections.tournaments.documents.find(filter).toArray();
  return totalGold([...generals, ...nations]) + tournaments.reduce((sum, { pool }) => sum + pool, 0);
}

function totalGold(owners: readonly { readonly gold: number }[]): number {
  return owners.reduce((sum, { gold }) => sum + gold, 0);
}
