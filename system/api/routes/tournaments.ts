/** Rounds of tournaments. */
import { z } from 'zod';
import type { System } from '../../system.ts';
import { playRound } from '../../tournaments/play-round.ts';
import type { Api } from '../api.ts';
import { idempotencyHeaders, nameInPath, numberInPath, sessionIdSchema } from '../input.ts';

const roundParams = z.object({ id: sessionIdSchema, name: nameInPath, round: numberInPath });

export function addTournamentRoutes(app: Api, system: System): void {
  app.post(
    '/api/sessions/:id/tournaments/:name/rounds/:round',
    {
      schema: {
        summary: 'Decide the next round and pay what is owed; a round that was decided stays as it is',
        params: roundParams,
        headers: idempotencyHeaders,
      },
    },
    async (request) => {
      const { id, name, round } = request.params;
      return await playRound(system.tournaments, id, name, round, request.deadline);
    },
  );
}
