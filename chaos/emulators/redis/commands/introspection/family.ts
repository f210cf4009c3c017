/** Commands that tell of the server, and few that change how it tells. */
import { plainError } from '../../errors.ts';
import { noReply, ok, plainText, type Reply } from '../../reply/reply.ts';
import { redisVersion } from '../../scripting/redis-library.ts';
import type { Context, Run } from '../context.ts';
import { commandFamily } from '../family.ts';
import { helpText } from '../help.ts';
import { commandInformation } from './command-information.ts';
import { configurationCommands } from './configuration.ts';
import { debug } from './debug.ts';
import { information } from './information.ts';
import { performance } from './performance.ts';
import { introspectionTable } from './table.ts';

function monitor({ client, server }: Context): Reply {
  if (!client.mayBlock) throw plainError("MONITOR isn't allowed for DENY BLOCKING client");
  if (client.isMonitor) return noReply;
  client.isMonitor = true;
  server.monitors.add(client);
  return ok;
}

function role({ server }: Context): Reply {
  const { master } = server;
  return master === undefined ? ['master', 0, []] : ['slave', master.host, master.port, 'connect', -1];
}

function time({ server }: Context): Reply {
  const nowMs = server.clock.nowMs();
  const seconds = Math.floor(nowMs / 1000);
  return [String(seconds), String(Math.floor((nowMs - seconds * 1000) * 1000))];
}

const refuseModules: Run = () => {
  throw plainError('modules are not offered by this emulator');
};

export const introspection = commandFamily('server', introspectionTable, {
  ...commandInformation,
  ...configurationCommands,
  ...performance,
  dbsize: ({ database }) => database.size,
  debug,
  info: information,
  lastsave: ({ server }) => server.persistence?.lastSaveSeconds ?? Math.floor(server.startedAtMs / 1000),
  lolwut: () => plainText(`Redis ver. ${redisVersion}\n`),
  'module|help': () => helpText('MODULE', [['LIST', 'Modules, of which there are none.']]),
  'module|list': () => [],
  'module|load': refuseModules,
  'module|loadex': refuseModules,
  'module|unload': refuseModules,
  monitor,
  role,
  time,
});
