/** What is known of a command before it runs: its name, what it accepts and where it may run. */

export interface CommandTraits {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Writes need a primary; reads need one unless the client allows a secondary; the others run in any state. */
  readonly kind: 'read' | 'write' | 'administration';
  /** Fields besides the command's own name and those every command has. Undefined: any, as MongoDB does not check either. */
  readonly fields?: readonly string[];
  readonly inTransaction: boolean;
  /** A write that may carry a txnNumber outside of a transaction. */
  readonly retryable?: boolean;
  readonly writeConcern?: boolean;
  readonly readConcernLevels?: readonly string[];
  readonly adminOnly?: boolean;
  /** Names a collection, which may not be a view. */
  readonly refusesViews?: boolean;
}

/** Fields that any command may have. */
export const genericFields: ReadonlySet<string> = new Set([
  '$audit',
  '$client',
  '$clusterTime',
  '$configServerState',
  '$configTime',
  '$db',
  '$queryOptions',
  '$readPreference',
  '$topologyTime',
  'allowImplicitCollectionCreation',
  'apiDeprecationErrors',
  'apiStrict',
  'apiVersion',
  'autocommit',
  'comment',
  'databaseVersion',
  'help',
  'lsid',
  'maxTimeMS',
  'maxTimeMSOpOnly',
  'mayBypassWriteBlocking',
  'rawData',
  'readConcern',
  'shardVersion',
  'startTransaction',
  'stmtId',
  'stmtIds',
  'txnNumber',
  'txnRetryCounter',
  'writeConcern',
]);
