/** Figures for Prometheus. */
import type { System } from '../../system.ts';
import type { Api } from '../api.ts';

export function addMetricsRoute(app: Api, system: System): void {
  app.get('/metrics', { schema: { summary: 'Prometheus metrics' } }, async (_request, reply) => {
    reply.type(system.metrics.registry.contentType);
    return await system.metrics.registry.metrics();
  });
}
