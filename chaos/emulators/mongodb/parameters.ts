/** Server parameters: what getParameter reads and setParameter may change. */
export function defaultParameters(): Map<string, unknown> {
  return new Map<string, unknown>([
    ['cursorTimeoutMillis', 600_000],
    ['enableTestCommands', true],
    ['featureCompatibilityVersion', { version: '7.0' }],
    ['internalQueryExecYieldIterations', 1000],
    ['localLogicalSessionTimeoutMinutes', 30],
    ['logicalSessionRefreshMillis', 300_000],
    ['maxAcceptableLogicalClockDriftSecs', 31_536_000],
    ['maxTransactionLockRequestTimeoutMillis', 5],
    ['minSnapshotHistoryWindowInSeconds', 300],
    ['requireApiVersion', false],
    ['storeFindAndModifyImagesInSideCollection', true],
    ['tlsMode', 'disabled'],
    ['transactionLifetimeLimitSeconds', 60],
    ['ttlMonitorSleepSecs', 60],
  ]);
}

/** Those of them that setParameter may change while the server runs; all are numbers. */
export const changeableParameters: ReadonlySet<string> = new Set([
  'cursorTimeoutMillis',
  'transactionLifetimeLimitSeconds',
  'ttlMonitorSleepSecs',
]);
