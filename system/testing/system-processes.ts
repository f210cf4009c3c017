/** The system's own processes as tests start them: by path, with short times, talking to a test stack. */
import { fileURLToPath } from 'node:url';
import { SpawnedProcess } from './spawned-process.ts';
import type { TestStack } from './test-stack.ts';

export const adminToken = 'token-of-the-tests';

const entries = {
  api: '../api/main.ts',
  'auction-processor': '../daemons/auction-processor/main.ts',
  'battle-processor': '../daemons/battle-processor/main.ts',
  'db-sync': '../daemons/db-sync/main.ts',
  'tournament-processor': '../daemons/tournament-processor/main.ts',
  'turn-processor': '../daemons/turn-processor/main.ts',
} as const;

let instances = 0;

export function testEnvironment(
  stack: TestStack,
  environment: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  instances += 1;
  return {
    MONGODB_URI: stack.mongoUri,
    REDIS_URL: stack.redisUrl,
    ADMIN_TOKEN: adminToken,
    PORT: '0',
    INSTANCE_ID: `test-${instances}`,
    LOG_LEVEL: 'info',
    L1_TTL_SECONDS: '1',
    JOURNAL_POLL_MS: '100',
    SYNC_CLAIM_IDLE_MS: '1000',
    DAEMON_TICK_MS: '50',
    BREAKER_OPEN_MS: '200',
    // A busy machine must not be taken for a fault.
    REQUEST_DEADLINE_MS: '10000',
    ...environment,
  };
}

/** Resolves when the process is ready. */
export async function startProcess(
  stack: TestStack,
  entry: keyof typeof entries,
  environment?: Readonly<Record<string, string>>,
): Promise<SpawnedProcess> {
  const started = launchProcess(stack, entry, environment);
  await started.waitForLine((line) => line['msg'] === 'ready');
  return started;
}

export function launchProcess(
  stack: TestStack,
  entry: keyof typeof entries,
  environment?: Readonly<Record<string, string>>,
): SpawnedProcess {
  return new SpawnedProcess({
    command: process.execPath,
    arguments: [fileURLToPath(new URL(entries[entry], import.meta.url))],
    environment: testEnvironment(stack, environment),
  });
}
