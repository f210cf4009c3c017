/** INFO: sections of fields, of which monitoring and clients read many by name. */
import type { ServerState } from '../../engine/server-state.ts';
import { redisVersion } from '../../scripting/redis-library.ts';
import { plainText, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Fields } from './information-fields.ts';
import { memoryFields, persistenceFields } from './storage-information.ts';
import { statisticsFields, commandFields, errorFields, latencyFields } from './statistics-information.ts';

interface Section {
  readonly name: string;
  readonly title: string;
  /** Whether it is shown when none is asked for. */
  readonly isDefault: boolean;
  fields(server: ServerState): Fields;
}

const sections: readonly Section[] = [
  { name: 'server', title: 'Server', isDefault: true, fields: serverFields },
  { name: 'clients', title: 'Clients', isDefault: true, fields: clientFields },
  { name: 'memory', title: 'Memory', isDefault: true, fields: memoryFields },
  { name: 'persistence', title: 'Persistence', isDefault: true, fields: persistenceFields },
  { name: 'stats', title: 'Stats', isDefault: true, fields: statisticsFields },
  { name: 'replication', title: 'Replication', isDefault: true, fields: replicationFields },
  { name: 'cpu', title: 'CPU', isDefault: true, fields: () => [] },
  { name: 'modules', title: 'Modules', isDefault: true, fields: () => [] },
  { name: 'commandstats', title: 'Commandstats', isDefault: false, fields: commandFields },
  { name: 'errorstats', title: 'Errorstats', isDefault: true, fields: errorFields },
  { name: 'latencystats', title: 'Latencystats', isDefault: false, fields: latencyFields },
  { name: 'cluster', title: 'Cluster', isDefault: true, fields: () => [['cluster_enabled', 0]] },
  { name: 'keyspace', title: 'Keyspace', isDefault: true, fields: keyspaceFields },
];

export function information({ server, words }: Context): Reply {
  const wanted = new Set(words.slice(1).map((word) => word.toLowerCase()));
  const hasAll = wanted.has('all') || wanted.has('everything');
  const hasDefault = wanted.size === 0 || wanted.has('default');
  const text = sections
    .filter(({ isDefault, name }) => hasAll || wanted.has(name) || (hasDefault && isDefault))
    .map(({ fields, title }) => {
      const lines = fields(server).map(([name, value]) => `${name}:${value}\r\n`);
      return `# ${title}\r\n${lines.join('')}`;
    });
  return plainText(text.join('\r\n'));
}

function serverFields(server: ServerState): Fields {
  const { clock, configuration, nowMs, startedAtMs } = server;
  const uptimeSeconds = Math.floor((nowMs - startedAtMs) / 1000);
  return [
    ['redis_version', redisVersion],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_build_id', '0000000000000000'],
    ['redis_mode', 'standalone'],
    ['os', 'emulator'],
    ['arch_bits', 64],
    ['monotonic_clock', 'injected'],
    ['multiplexing_api', 'emulator'],
    ['process_id', server.processId],
    ['process_supervised', 'no'],
    ['run_id', server.runId],
    ['tcp_port', configuration.number('port')],
    ['server_time_usec', Math.floor(clock.nowMs() * 1000)],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
    ['hz', configuration.number('hz')],
    ['configured_hz', configuration.number('hz')],
    ['lru_clock', Math.floor(nowMs / 1000) & 0xff_ffff],
    ['executable', ''],
    ['config_file', ''],
    ['io_threads_active', 0],
  ];
}

function clientFields(server: ServerState): Fields {
  const clients = server.clients.all();
  const blocked = clients.filter(({ blocking }) => blocking !== undefined && blocking.kind !== 'postponed');
  return [
    ['connected_clients', clients.length],
    ['cluster_connections', 0],
    ['maxclients', server.configuration.number('maxclients')],
    ['client_recent_max_input_buffer', Math.max(0, ...clients.map((each) => each.pendingInputBytes))],
    ['client_recent_max_output_buffer', Math.max(0, ...clients.map((each) => each.outputBytes))],
    ['blocked_clients', blocked.length],
    ['tracking_clients', server.tracking.clientCount],
    ['clients_in_timeout_table', blocked.filter(({ blocking }) => blocking?.hasDeadline === true).length],
  ];
}

function replicationFields(server: ServerState): Fields {
  const { configuration, master } = server;
  const followed: Fields =
    master === undefined
      ? []
      : [
          ['master_host', master.host],
          ['master_port', master.port],
          ['master_link_status', 'down'],
          ['master_last_io_seconds_ago', -1],
          ['master_sync_in_progress', 0],
          ['slave_read_repl_offset', 0],
          ['slave_repl_offset', 0],
          ['master_link_down_since_seconds', -1],
          ['slave_priority', configuration.number('replica-priority')],
          ['slave_read_only', configuration.flag('replica-read-only') ? 1 : 0],
          ['replica_announced', 1],
        ];
  return [
    ['role', master === undefined ? 'master' : 'slave'],
    ...followed,
    ['connected_slaves', 0],
    ...(configuration.number('min-replicas-to-write') > 0 && configuration.number('min-replicas-max-lag') > 0
      ? ([['min_slaves_good_slaves', 0]] as const)
      : []),
    ['master_failover_state', 'no-failover'],
    ['master_replid', server.replicationId],
    ['master_replid2', '0'.repeat(40)],
    ['master_repl_offset', 0],
    ['second_repl_offset', -1],
    ['repl_backlog_active', 0],
    ['repl_backlog_size', configuration.number('repl-backlog-size')],
    ['repl_backlog_first_byte_offset', 0],
    ['repl_backlog_histlen', 0],
  ];
}

function keyspaceFields(server: ServerState): Fields {
  return server.keyspace.databases
    .filter(({ size }) => size > 0)
    .map((database) => [
      `db${database.index}`,
      `keys=${database.size},expires=${database.volatileCount},avg_ttl=${averageLifeMs(server, database.index)}`,
    ]);
}

/** Of the keys that expire. */
function averageLifeMs(server: ServerState, index: number): number {
  let sum = 0;
  let count = 0;
  for (const [, { expireAtMs }] of server.keyspace.at(index).entries()) {
    if (expireAtMs === undefined || expireAtMs <= server.nowMs) continue;
    sum += expireAtMs - server.nowMs;
    count += 1;
  }
  return count === 0 ? 0 : Math.floor(sum / count);
}
