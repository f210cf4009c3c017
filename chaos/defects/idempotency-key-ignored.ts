/** Stands in for `system/api/routes/actions.ts`: every request gets a key of its own, whatever the client sent. */
import { commandSchema } from '../../system/actions/command.ts';
import { performAction } from '../../system/actions/perform-action.ts';
import type { Api } from '../../system/api/api.ts';
import { generalParams, idempotencyHeaders } from '../../system/api/input.ts';
import type { System } from '../../system/system.ts';

export function addActionRoutes(app: Api, system: System): void {
  app.post(
    '/api/sessions/:id/generals/:no/actions',
    { schema: { params: generalParams, headers: idempotencyHeaders, body: commandSchema } },
    async (request) => {
      const { id, no } = request.params;
      const idempotencyKey = system.random.uuid();
      const action = { sessionId: id, no, command: request.body, idempotencyKey };
      const { outcome, result } = await performAction(system.actions, action, request.deadline);
      return { data: result, outcome };
    },
  );
}
