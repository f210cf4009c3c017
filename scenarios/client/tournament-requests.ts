/** Requests about tournaments, each with what it writes into the history (docs/data.md). */
import type { Request } from './client.ts';

export function playRound(sessionId: string, tournament: string, round: number, repeat: boolean): Request {
  return {
    f: 'play-round',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/tournaments/${tournament}/rounds/${round}`,
    body: {},
    subject: { sessionId, tournament, round },
    describe: ({ data, outcome }) => ({
      outcome,
      currentRound: data['currentRound'],
      owed: data['owed'],
    }),
    repeat,
  };
}
