/** The sections of INFO that count. */
import type { ServerState } from '../../engine/server-state.ts';
import type { Fields } from './information-fields.ts';

export function statisticsFields(server: ServerState): Fields {
  const { channels, keyspace, statistics, tracking } = server;
  return [
    ['total_connections_received', statistics.connectionsReceived],
    ['total_commands_processed', statistics.commandsProcessed],
    ['instantaneous_ops_per_sec', statistics.rate.perSecond(server.clock.monotonicMs())],
    ['total_net_input_bytes', statistics.inputBytes],
    ['total_net_output_bytes', statistics.outputBytes],
    ['total_net_repl_input_bytes', 0],
    ['total_net_repl_output_bytes', 0],
    ['rejected_connections', statistics.connectionsRejected],
    ['sync_full', 0],
    ['sync_partial_ok', 0],
    ['sync_partial_err', 0],
    ['expired_keys', keyspace.expiredKeys],
    ['expired_stale_perc', '0.00'],
    ['evicted_keys', statistics.evictedKeys],
    ['evicted_clients', 0],
    ['keyspace_hits', keyspace.hits],
    ['keyspace_misses', keyspace.misses],
    ['pubsub_channels', channels.names('channel').length],
    ['pubsub_patterns', channels.patternCount],
    ['pubsubshard_channels', channels.names('shard').length],
    ['latest_fork_usec', 0],
    ['total_forks', 0],
    ['migrate_cached_sockets', 0],
    ['slave_expires_tracked_keys', 0],
    ['tracking_total_keys', tracking.keyCount],
    ['tracking_total_items', tracking.itemCount],
    ['tracking_total_prefixes', tracking.prefixCount],
    ['unexpected_error_replies', 0],
    ['total_error_replies', statistics.errorReplies],
    ['total_reads_processed', statistics.reads],
    ['total_writes_processed', statistics.writes],
  ];
}

export function commandFields({ statistics }: ServerState): Fields {
  return [...statistics.commands()]
    .filter(([, { calls, failed, rejected }]) => calls > 0 || failed > 0 || rejected > 0)
    .map(([name, { calls, failed, microseconds, rejected }]) => {
      const perCall = (calls === 0 ? 0 : microseconds / calls).toFixed(2);
      return [
        `cmdstat_${name}`,
        `calls=${calls},usec=${microseconds},usec_per_call=${perCall},rejected_calls=${rejected},failed_calls=${failed}`,
      ];
    });
}

export function errorFields({ statistics }: ServerState): Fields {
  return [...statistics.errors()].map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

export function latencyFields({ configuration, statistics }: ServerState): Fields {
  const percentiles = configuration
    .text('latency-tracking-info-percentiles')
    .split(' ')
    .filter((text) => text !== '');
  if (!configuration.flag('latency-tracking')) return [];
  return [...statistics.commands()]
    .filter(([, { samples }]) => samples.length > 0)
    .map(([name, { samples }]) => {
      const sorted = [...samples].sort((left, right) => left - right);
      const values = percentiles.map((text) => {
        const rank = Math.max(1, Math.ceil((Number(text) / 100) * sorted.length));
        return `p${text}=${(sorted[rank - 1] ?? 0).toFixed(3)}`;
      });
      return [`latency_percentiles_usec_${name}`, values.join(',')];
    });
}
