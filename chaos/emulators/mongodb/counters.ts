/** Counts that serverStatus reports. */
export interface Counters {
  readonly operations: {
    insert: number;
    query: number;
    update: number;
    delete: number;
    getmore: number;
    command: number;
  };
  readonly transactions: { started: number; committed: number; aborted: number };
  connectionsCreated: number;
  bytesIn: number;
  bytesOut: number;
  requests: number;
  writeConflicts: number;
}

export function newCounters(): Counters {
  return {
    operations: { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
    transactions: { started: 0, committed: 0, aborted: 0 },
    connectionsCreated: 0,
    bytesIn: 0,
    bytesOut: 0,
    requests: 0,
    writeConflicts: 0,
  };
}
