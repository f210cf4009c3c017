/** What each operation does to the simulated world, and what its client would be told. A refusal changes nothing. */
import {
  type Auction,
  type City,
  type General,
  general,
  identified,
  rewardGold,
  session,
  type Nation,
  type World,
} from './world.ts';

/** `refused`: the code of the refusal. */
export type Outcome = { readonly told: Readonly<Record<string, unknown>> } | { readonly refused: string };

export type Subject = Readonly<Record<string, number | string>>;
type Change = (world: World, subject: Subject, atMs: number) => Outcome;

const refused = (code: string): Outcome => ({ refused: code });
const number = (subject: Subject, field: string): number => Number(subject[field]);

function nationOf(world: World, nation: number): Nation | undefined {
  return world.nations.find((one) => one.nation === nation);
}

function act(
  world: World,
  no: number,
  order: { readonly slot: number; readonly text: string } | null,
  amount = 0,
): Outcome {
  const own = world.generals.find((one) => one.no === no);
  if (own === undefined) return refused('general_unknown');
  own.version += 1;
  own.action_count += 1;
  own.experience += amount;
  if (order !== null) own.orders[String(order.slot)] = order.text;
  return { told: { version: own.version, actionCount: own.action_count } };
}

function yieldTurn(entity: City | General | Nation): void {
  if ('no' in entity) {
    entity.experience += 1 + entity.officer_level;
    entity.rice = Math.max(0, entity.rice - 1);
  } else if ('city' in entity) {
    entity.population += Math.floor((entity.population * (entity.nation === 0 ? 1 : 5)) / 1000);
    entity.agriculture += entity.nation === 0 ? 0 : 1;
  } else {
    entity.rice += entity.city_count * 10;
  }
}

function processTurn(world: World, turn: number): Outcome {
  if (turn <= world.turn) return { told: { outcome: 'already', currentTurn: world.turn } };
  if (turn !== world.turn + 1) return refused('turn_not_due');
  world.turn = turn;
  world.sessionVersion += 1;
  for (const entity of [...world.generals, ...world.cities, ...world.nations]) {
    if ('status' in entity && entity.status === 'destroyed') continue;
    yieldTurn(entity);
    entity.turns_lived += 1;
    entity.last_turn = turn;
    entity.version += 1;
  }
  world.turnLog.push({ _id: `s1:${turn}`, session_id: 's1', turn, token: turn * 2 });
  return { told: { outcome: 'applied', currentTurn: turn } };
}

function occupy(world: World, cityNumber: number, no: number): Outcome {
  const own = world.generals.find((one) => one.no === no);
  const city = world.cities.find((one) => one.city === cityNumber);
  const winner = nationOf(world, own?.nation ?? 0);
  if (city === undefined || winner === undefined) return refused('nation_missing');
  const told = { nation: winner.nation, from: city.nation };
  if (city.nation === winner.nation) return { told: { outcome: 'already', ...told } };
  const loser = nationOf(world, city.nation);
  if (loser !== undefined) {
    loser.city_count -= 1;
    loser.version += 1;
  }
  winner.city_count += 1;
  city.nation = winner.nation;
  for (const written of [winner, city, own]) if (written !== undefined) written.version += 1;
  return { told: { outcome: 'applied', ...told } };
}

function destroy(world: World, number: number, atMs: number): Outcome {
  const nation = nationOf(world, number);
  if (nation === undefined) return refused('nation_unknown');
  if (nation.status === 'destroyed') return { told: { outcome: 'already' } };
  Object.assign(nation, {
    status: 'destroyed',
    destroyed_at: new Date(atMs).toISOString(),
    city_count: 0,
    allies: [],
    version: nation.version + 1,
  });
  for (const one of [...world.generals, ...world.cities]) {
    if (one.nation !== number) continue;
    one.nation = 0;
    one.version += 1;
    if ('officer_level' in one) one.officer_level = 0;
  }
  for (const other of world.nations) {
    if (!other.allies.includes(number)) continue;
    other.allies = other.allies.filter((ally) => ally !== number);
    other.version += 1;
  }
  world.relations = world.relations.filter(({ from, to }) => from !== number && to !== number);
  return { told: { outcome: 'applied' } };
}

function finishBattle(world: World, name: string, winner: 'attacker' | 'defender', atMs: number): Outcome {
  const battle = world.battles.find((one) => one.battle === name);
  if (battle === undefined) return refused('battle_unknown');
  const told = () => ({ city: battle.city, winner: battle.winner, destroyedNation: battle.destroyed_nation });
  if (battle.status === 'finalised') return { told: { outcome: 'already', ...told() } };
  Object.assign(battle, { status: 'finalised', winner, updated_at: new Date(atMs).toISOString() });
  const from = world.cities.find((one) => one.city === battle.city)?.nation ?? 0;
  if (winner === 'attacker' && 'told' in occupy(world, battle.city, battle.attacker)) {
    const loser = nationOf(world, from);
    if (loser?.status === 'active' && loser.city_count === 0) {
      destroy(world, from, atMs);
      battle.destroyed_nation = from;
    }
  }
  return { told: { outcome: 'applied', ...told() } };
}

function changeDiplomacy(world: World, from: number, to: number, state: string): Outcome {
  const pair = [nationOf(world, from), nationOf(world, to)];
  if (pair.some((nation) => nation?.status !== 'active')) return refused('nation_destroyed');
  for (const [nation, one, other] of [
    [pair[0], from, to],
    [pair[1], to, from],
  ] as const) {
    const found = world.relations.find((row) => row.from === one && row.to === other);
    if (found === undefined)
      world.relations.push({ ...identified('d', `${one}-${other}`), from: one, to: other, state });
    else found.state = state;
    if (nation === undefined) continue;
    const others = nation.allies.filter((ally) => ally !== other);
    nation.version += 1;
    nation.allies = state === 'alliance' ? [...others, other].toSorted((a, b) => a - b) : others;
  }
  return { told: { outcome: 'applied' } };
}

function hire(world: World, subject: Subject): Outcome {
  const nation = nationOf(world, number(subject, 'nation'));
  const [gold, population] = [number(subject, 'gold'), number(subject, 'population')];
  if (nation?.status !== 'active') return refused('nation_destroyed');
  if (nation.gold < gold || nation.population < population) return refused('gold_insufficient');
  nation.gold -= gold;
  nation.population -= population;
  nation.version += 1;
  const no = world.generals.length + 1;
  world.generals.push(general(no, String(subject['name']), nation.nation, gold, world.turn));
  return { told: { outcome: 'applied', no } };
}

function openAuction(world: World, subject: Subject, atMs: number): Outcome {
  const item = world.items.find((one) => one.item === subject['item']);
  const seller = number(subject, 'seller');
  if (item === undefined || item.auction !== null || item.owner !== seller) return refused('item_not_owned');
  const auction = String(world.auctions.length + 1);
  item.auction = auction;
  world.auctions.push({
    ...identified('a', auction),
    auction,
    item: item.item,
    seller,
    starting_bid: number(subject, 'startingBid'),
    closes_at: new Date(atMs + number(subject, 'durationMs')).toISOString(),
    status: 'open',
    highest_bid: null,
    escrow: 0,
    settlement: null,
  });
  return { told: { outcome: 'applied', auction } };
}

function bid(world: World, subject: Subject, atMs: number): Outcome {
  const auction = world.auctions.find((one) => one.auction === subject['auction']);
  const bidder = world.generals.find((one) => one.no === subject['bidder']);
  const amount = number(subject, 'amount');
  if (auction?.status !== 'open' || bidder === undefined || isOver(auction, atMs))
    return refused('auction_closed');
  const before = auction.highest_bid;
  if (amount <= (before?.amount ?? 0)) return refused('bid_too_low');
  const returned = before?.bidder === bidder.no ? before.amount : 0;
  if (bidder.gold + returned < amount) return refused('gold_insufficient');
  const outbid = world.generals.find((one) => one.no === before?.bidder);
  if (outbid !== undefined) {
    outbid.gold += before?.amount ?? 0;
    outbid.version += 1;
  }
  bidder.gold -= amount;
  bidder.version += 1;
  auction.highest_bid = { bidder: bidder.no, amount };
  auction.escrow = amount;
  return { told: { outcome: 'applied' } };
}

function isOver({ closes_at: closesAt }: Auction, atMs: number): boolean {
  return Date.parse(closesAt) <= atMs;
}

function settle(world: World, name: string, atMs: number): Outcome {
  const auction = world.auctions.find((one) => one.auction === name);
  if (auction === undefined) return refused('auction_unknown');
  if (auction.settlement !== null) {
    const { winner, price } = auction.settlement;
    return { told: { outcome: 'already', winner, price } };
  }
  if (!isOver(auction, atMs)) return refused('auction_not_over');
  const won = auction.highest_bid;
  const seller = world.generals.find((one) => one.no === auction.seller);
  const item = world.items.find((one) => one.item === auction.item);
  if (seller !== undefined && won !== null) {
    seller.gold += won.amount;
    seller.version += 1;
  }
  if (item !== undefined) Object.assign(item, { owner: won?.bidder ?? auction.seller, auction: null });
  auction.settlement = {
    winner: won?.bidder ?? null,
    price: won?.amount ?? 0,
    settled_at: new Date(atMs).toISOString(),
  };
  Object.assign(auction, { status: 'completed', escrow: 0 });
  return { told: { outcome: 'applied', winner: won?.bidder ?? null, price: won?.amount ?? 0 } };
}

function playRound(world: World, subject: Subject): Outcome {
  const tournament = world.tournaments.find((one) => one.tournament === subject['tournament']);
  const round = number(subject, 'round');
  if (tournament === undefined) return refused('tournament_unknown');
  if (round <= tournament.round)
    return { told: { outcome: 'already', currentRound: tournament.round, owed: 0 } };
  if (round !== tournament.round + 1 || tournament.pool < rewardGold) return refused('round_not_due');
  tournament.round = round;
  tournament.fence = { round, token: round };
  const no = ((round * 5 + Number(tournament.tournament)) % 12) + 1;
  const key = `${tournament.tournament}/${round}`;
  const winner = world.generals.find((one) => one.no === no);
  if (winner !== undefined) {
    winner.rewards.push(key);
    winner.gold += rewardGold;
    winner.version += 1;
  }
  const participant = tournament.participants.find((one) => one.no === no);
  if (participant !== undefined) participant.wins += 1;
  tournament.pool -= rewardGold;
  tournament.rewards.push({ key, no, gold: rewardGold, paid: true });
  return { told: { outcome: 'applied', currentRound: round, owed: 0 } };
}

/** A transaction that is committed under locks uses their tokens, also where it finds everything done. */
function underLocks(world: World, locks: readonly string[], outcome: Outcome): Outcome {
  if ('refused' in outcome) return outcome;
  for (const lock of locks) {
    const fence = world.fences.find(({ _id }) => _id === lock);
    if (fence === undefined) world.fences.push({ _id: lock, token: 1, uses: 1 });
    else Object.assign(fence, { token: fence.token + 1, uses: fence.uses + 1 });
  }
  return outcome;
}

const lockOf = (domain: string, name: number | string) => `${domain}:lock:${session}:${name}`;

function finishUnderLocks(world: World, subject: Subject, atMs: number): Outcome {
  const name = String(subject['battle']);
  const city = world.battles.find(({ battle }) => battle === name)?.city ?? 0;
  const winner = subject['wanted'] === 'attacker' ? 'attacker' : 'defender';
  const locks = [lockOf('battle', name), lockOf('city', city)];
  return underLocks(world, locks, finishBattle(world, name, winner, atMs));
}

export const changes: Readonly<Record<string, Change>> = {
  bid,
  destroy: (world, subject, atMs) => destroy(world, number(subject, 'nation'), atMs),
  diplomacy: (world, subject) =>
    changeDiplomacy(world, number(subject, 'from'), number(subject, 'to'), String(subject['state'])),
  'finish-battle': finishUnderLocks,
  hire,
  occupy: (world, subject) => {
    const city = number(subject, 'city');
    return underLocks(world, [lockOf('city', city)], occupy(world, city, number(subject, 'no')));
  },
  'open-auction': openAuction,
  'play-round': playRound,
  reserve: (world, subject) =>
    act(world, number(subject, 'no'), {
      slot: number(subject, 'slot'),
      text: String(subject['order']),
    }),
  settle: (world, subject, atMs) => {
    const name = String(subject['auction']);
    return underLocks(world, [lockOf('auction', name)], settle(world, name, atMs));
  },
  train: (world, subject) => act(world, number(subject, 'no'), null, number(subject, 'amount')),
  turn: (world, subject) => processTurn(world, number(subject, 'turn')),
};
