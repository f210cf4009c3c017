/** Processes or replays one turn: the same code as the turn-processor's, within the request's deadline. */
import type { System } from '../../system.ts';
import { processTurn } from '../../turns/process-turn.ts';
import { idempotencyHeaders, turnParams } from '../input.ts';
import type { Api } from '../api.ts';

export function addTurnRoutes(app: Api, system: System): void {
  app.post(
    '/api/sessions/:id/turns/:turn',
    {
      schema: {
        summary: 'Process the next turn; a number that was processed changes nothing',
        params: turnParams,
        headers: idempotencyHeaders,
      },
    },
    async (request) => {
      const { id, turn } = request.params;
      const { outcome, currentTurn } = await processTurn(system.turns, id, turn, request.deadline);
      return { data: { turn, currentTurn }, outcome };
    },
  );
}
