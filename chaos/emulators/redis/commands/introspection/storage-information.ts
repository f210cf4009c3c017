/** The sections of INFO about memory and the disk. */
import type { ServerState } from '../../engine/server-state.ts';
import type { Fields } from './information-fields.ts';

/** `1.13M` */
function humanBytes(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(2)}${units[unit]}`;
}

export function memoryFields(server: ServerState): Fields {
  const { configuration, functions, scripts, statistics, usedMemoryBytes: used } = server;
  const peak = Math.max(statistics.peakMemoryBytes, used);
  const overhead = server.startupMemoryBytes + server.clientMemoryBytes;
  const scriptBytes = scripts.memoryBytes + functions.memoryBytes;
  const maximum = configuration.number('maxmemory');
  const dataset = Math.max(0, used - overhead);
  return [
    ['used_memory', used],
    ['used_memory_human', humanBytes(used)],
    ['used_memory_rss', used],
    ['used_memory_rss_human', humanBytes(used)],
    ['used_memory_peak', peak],
    ['used_memory_peak_human', humanBytes(peak)],
    ['used_memory_peak_perc', `${((used / peak) * 100).toFixed(2)}%`],
    ['used_memory_overhead', overhead],
    ['used_memory_startup', server.startupMemoryBytes],
    ['used_memory_dataset', dataset],
    [
      'used_memory_dataset_perc',
      `${((dataset / Math.max(1, used - server.startupMemoryBytes)) * 100).toFixed(2)}%`,
    ],
    ['used_memory_lua', scripts.memoryBytes],
    ['used_memory_vm_eval', scripts.memoryBytes],
    ['used_memory_lua_human', humanBytes(scripts.memoryBytes)],
    ['used_memory_scripts_eval', scripts.memoryBytes],
    ['number_of_cached_scripts', scripts.count],
    ['number_of_functions', functions.functionCount],
    ['number_of_libraries', functions.all.length],
    ['used_memory_vm_functions', functions.memoryBytes],
    ['used_memory_vm_total', scriptBytes],
    ['used_memory_functions', functions.memoryBytes],
    ['used_memory_scripts', scriptBytes],
    ['used_memory_scripts_human', humanBytes(scriptBytes)],
    ['maxmemory', maximum],
    ['maxmemory_human', humanBytes(maximum)],
    ['maxmemory_policy', configuration.text('maxmemory-policy')],
    ['mem_fragmentation_ratio', '1.00'],
    ['mem_fragmentation_bytes', 0],
    ['mem_not_counted_for_evict', 0],
    ['mem_replication_backlog', 0],
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', server.clientMemoryBytes],
    ['mem_aof_buffer', server.persistence?.file?.bufferBytes ?? 0],
    ['mem_allocator', 'counted'],
    ['active_defrag_running', 0],
    ['lazyfree_pending_objects', 0],
    ['lazyfreed_objects', 0],
  ];
}

export function persistenceFields(server: ServerState): Fields {
  const { persistence } = server;
  const file = persistence?.file;
  const appended: Fields =
    file === undefined
      ? []
      : [
          ['aof_current_size', file.sizeBytes],
          ['aof_base_size', file.baseBytes],
          ['aof_pending_rewrite', 0],
          ['aof_buffer_length', file.bufferBytes],
          ['aof_pending_bio_fsync', file.isSyncing ? 1 : 0],
          ['aof_delayed_fsync', 0],
        ];
  return [
    ['loading', server.isLoading ? 1 : 0],
    ['async_loading', 0],
    ['rdb_changes_since_last_save', server.dirty],
    ['rdb_bgsave_in_progress', persistence?.isSaving === true ? 1 : 0],
    ['rdb_last_save_time', persistence?.lastSaveSeconds ?? Math.floor(server.startedAtMs / 1000)],
    ['rdb_last_bgsave_status', persistence?.lastSaveFailed === true ? 'err' : 'ok'],
    ['rdb_last_bgsave_time_sec', persistence?.lastSaveDurationSeconds ?? -1],
    ['rdb_current_bgsave_time_sec', persistence?.isSaving === true ? 0 : -1],
    ['rdb_saves', persistence?.saves ?? 0],
    ['rdb_last_cow_size', 0],
    ['aof_enabled', persistence?.isAppendOnly === true ? 1 : 0],
    ['aof_rewrite_in_progress', persistence?.isRewriting === true ? 1 : 0],
    ['aof_rewrite_scheduled', persistence?.isRewriteScheduled === true ? 1 : 0],
    ['aof_last_rewrite_time_sec', (persistence?.rewrites ?? 0) > 0 ? 0 : -1],
    ['aof_current_rewrite_time_sec', persistence?.isRewriting === true ? 0 : -1],
    ['aof_last_bgrewrite_status', persistence?.lastRewriteFailed === true ? 'err' : 'ok'],
    ['aof_rewrites', persistence?.rewrites ?? 0],
    ['aof_rewrites_consecutive_failures', 0],
    ['aof_last_write_status', persistence?.fileError === undefined ? 'ok' : 'err'],
    ['aof_last_cow_size', 0],
    ...appended,
  ];
}
