/** A player's command. */
import { commandSchema } from '../../actions/command.ts';
import { performAction } from '../../actions/perform-action.ts';
import type { System } from '../../system.ts';
import { generalParams, idempotencyHeaders } from '../input.ts';
import type { Api } from '../api.ts';

export function addActionRoutes(app: Api, system: System): void {
  app.post(
    '/api/sessions/:id/generals/:no/actions',
    {
      schema: {
        summary: 'Give a general a command; repeated with the same Idempotency-Key it takes effect once',
        params: generalParams,
        headers: idempotencyHeaders,
        body: commandSchema,
      },
    },
    async (request) => {
      const { id, no } = request.params;
      // Without a key of the client's the action still needs one, for the attempts within this request.
      const idempotencyKey = request.headers['idempotency-key'] ?? system.random.uuid();
      const action = { sessionId: id, no, command: request.body, idempotencyKey };
      const { outcome, result } = await performAction(system.actions, action, request.deadline);
      return { data: result, outcome };
    },
  );
}
