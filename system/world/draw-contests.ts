/** Draws what generals and nations contend for: items, battles, relations, tournaments. Pure. */
import type { Battle } from '../models/battle.ts';
import { type City, neutralNation } from '../models/city.ts';
import type { General } from '../models/general.ts';
import type { Item } from '../models/item.ts';
import type { Nation } from '../models/nation.ts';
import type { Relation } from '../models/relation.ts';
import type { Tournament } from '../models/tournament.ts';
import type { SeededRandom } from '../random.ts';
import { itemNames } from './names.ts';
import { common, numbers, repeatedName, type WorldPlan } from './plan.ts';

export function drawItems(plan: WorldPlan, random: SeededRandom): readonly Item[] {
  return numbers(plan.items ?? 0).map((item) => ({
    ...common(plan, `${plan.sessionId}:i${item}`, random),
    item,
    name: repeatedName(itemNames, item),
    owner: random.integer(1, plan.generals),
    auction: null,
  }));
}

const contestMs = 60_000;

/** In each, a general of a nation attacks a city of another nation. */
export function drawBattles(
  plan: WorldPlan,
  random: SeededRandom,
  cities: readonly City[],
  generals: readonly General[],
): readonly Battle[] {
  const attackers = generals.filter((general) => general.nation !== neutralNation);
  return numbers(plan.battles ?? 0).flatMap((number) => {
    const attacker = attackers[random.integer(0, attackers.length - 1)];
    const targets = cities.filter((city) => city.nation !== attacker?.nation);
    const target = targets[random.integer(0, targets.length - 1)];
    if (attacker === undefined || target === undefined) return [];
    const soldiers = () => random.integer(1_000, 10_000);
    return [
      {
        ...common(plan, `${plan.sessionId}:b${number}`, random),
        battle: String(number),
        city: target.city,
        attacker: attacker.no,
        units: [
          { side: 'attacker' as const, general: attacker.no, soldiers: soldiers() },
          { side: 'defender' as const, general: random.integer(1, plan.generals), soldiers: soldiers() },
        ],
        status: 'running' as const,
        ends_at: new Date(plan.nowMs + (plan.battleDurationMs ?? contestMs)),
        winner: null,
        destroyed_nation: null,
      },
    ];
  });
}

/** Both directions of each relation. */
export function drawRelations(plan: WorldPlan, random: SeededRandom): readonly Relation[] {
  const pairs = numbers(plan.nations).flatMap((from) =>
    numbers(plan.nations)
      .filter((to) => to > from)
      .map((to) => [from, to] as const),
  );
  const wanted = Math.min(plan.relations ?? 0, pairs.length);
  return numbers(wanted).flatMap(() => {
    const [pair] = pairs.splice(random.integer(0, pairs.length - 1), 1);
    if (pair === undefined) return [];
    const state = random.pick(['alliance', 'war'] as const);
    const [low, high] = pair;
    return [relation(plan, random, low, high, state), relation(plan, random, high, low, state)];
  });
}

function relation(
  plan: WorldPlan,
  random: SeededRandom,
  from: number,
  to: number,
  state: Relation['state'],
): Relation {
  return { ...common(plan, `${plan.sessionId}:d${from}-${to}`, random), from, to, state };
}

export function withAllies(nations: readonly Nation[], relations: readonly Relation[]): readonly Nation[] {
  return nations.map((nation) => {
    const allied = relations.filter(({ from, state }) => from === nation.nation && state === 'alliance');
    return { ...nation, allies: allied.map(({ to }) => to).toSorted((a, b) => a - b) };
  });
}

const participantsMax = 16;
const rewardPerWin = 50;

/** Everybody takes part, up to sixteen. The pool holds a reward for each fight: one less than there are participants. */
export function drawTournaments(plan: WorldPlan, random: SeededRandom): readonly Tournament[] {
  return numbers(plan.tournaments ?? 0).map((number) => {
    const first = random.integer(1, plan.generals);
    const count = Math.min(participantsMax, plan.generals);
    const participants = numbers(count).map((place) => ({
      no: ((first + place - 2) % plan.generals) + 1,
      wins: 0,
      lost_in: null,
    }));
    const periodMs = plan.battleDurationMs ?? contestMs;
    return {
      ...common(plan, `${plan.sessionId}:t${number}`, random),
      tournament: String(number),
      seed: random.uuid(),
      status: 'running',
      round: 0,
      fence: { round: 0, token: 0 },
      next_round_at: new Date(plan.nowMs + periodMs),
      round_period_ms: periodMs,
      reward_per_win: rewardPerWin,
      pool: rewardPerWin * (count - 1),
      participants,
      rewards: [],
    };
  });
}
