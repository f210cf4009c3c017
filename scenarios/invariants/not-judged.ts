/** What no invariant judges, or not to the last unit, and why: places as `redcliff verify judge` names them. */
const asked = 'what the client asked for: the target does not answer it';
const byDaemons = 'daemons and earlier requests may have done the work, so either answer may be right';
const clocks = 'times of processes whose clocks may differ';
const conquests =
  'depends on who owned each city at each turn: judged between the least and the most that it may be';
const versions =
  'rises with work that no client is told of, and reads may lag as long as caches may: judged against what was acknowledged and shown before';
const tokens = 'judged by their order, which one later value does not disturb';

export const notJudged: Readonly<Record<string, string>> = {
  'answer *.outcome': byDaemons,
  'answer bid.*': asked,
  'answer diplomacy.*': asked,
  'answer finish-battle.battle': asked,
  'answer hire.name': asked,
  'answer occupy.no': asked,
  'answer open-auction.*': asked,
  'answer play-round.currentRound': 'rounds that were decided meanwhile are shown too',
  'answer play-round.owed': 'rewards are paid while rounds are played',
  'answer read-city.version': versions,
  'answer read-general.version': versions,
  'answer read-nation.version': versions,
  'answer read-session.turn': versions,
  'answer read-session.version': versions,
  'answer list-generals.count': versions,
  'answer reserve.order': asked,
  'answer reserve.slot': asked,
  'answer reserve.version': versions,
  'answer turn.*': byDaemons,
  'auctions.settlement.settled_at': clocks,
  'battles.updated_at': clocks,
  'cities.agriculture': conquests,
  'cities.population': conquests,
  'nations.rice': conquests,
  'fences: a document doubled': 'no two documents of a collection have one _id',
  'fences.token': tokens,
  'fences.uses': 'transactions that found the work done count too: judged as the least that there must be',
  'generals.experience':
    'when a hired general was hired is not known: exact for seeded ones, of others not judged',
  'generals.rice': 'when a hired general was hired is not known: exact for seeded ones, of others not judged',
  'generals.officer_level': 'exact for seeded ones, of hired ones not judged',
  'generals.version': versions,
  'cities.version': versions,
  'nations.version': versions,
  'tournaments.fence.token': tokens,
  'turn_log.token': tokens,
};
