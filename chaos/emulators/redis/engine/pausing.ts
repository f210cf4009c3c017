/** CLIENT PAUSE: commands are held back until a time, or until CLIENT UNPAUSE. */
import type { Pause, ServerState } from './server-state.ts';

/** Two pauses are one that is as long and as strict as either. */
export function pauseClients(server: ServerState, pause: Pause): void {
  const { pause: old } = server;
  const isStrict = pause.mode === 'all' || (old !== undefined && old.mode === 'all');
  const untilMs = Math.max(pause.untilMs, old?.untilMs ?? 0);
  server.pause = { untilMs, mode: isStrict ? 'all' : 'write' };
  server.pauseTimer?.[Symbol.dispose]();
  server.pauseTimer = server.clock.timer(Math.max(0, Math.min(untilMs - server.nowMs, 2 ** 31 - 1)), () => {
    unpauseClients(server);
    server.onLateChange();
  });
}

/** What was held back goes on. */
export function unpauseClients(server: ServerState): void {
  server.pauseTimer?.[Symbol.dispose]();
  server.pauseTimer = undefined;
  server.pause = undefined;
  for (const client of server.clients.all())
    if (client.blocking?.kind === 'postponed') server.unblock(client);
}
