/** Mistakes in the surroundings of the processes: connections, health, configuration, the tools of the operator. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const operationMutants: readonly Mutant[] = [
  {
    // After SIGTERM the process goes on accepting requests with its connections closed, answers 503 or 504, and only
    // ends by SIGKILL.
    name: 'api-listens-after-sigterm',
    title: 'The API does not close its server when it is told to stop',
    edits: [
      {
        file: 'system/api/main.ts',
        find: `  await app.close();
`,
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'rolling-restart',
    breaks: [],
    notJudged: 'how a process stops is not judged',
  },
  {
    // After an outage of Redis longer than one probe the process never uses Redis again: no locks (503
    // redis_unavailable), no queue, no L2.
    name: 'breaker-probes-once',
    title: 'The circuit breaker gives up after the first probe that fails',
    edits: [
      {
        file: 'system/redis/circuit-breaker.ts',
        find: `      } catch {
        this.#enter('open');
      }`,
        replace: `      } catch {
        this.#enter('open');
        return;
      }`,
      },
    ],
    scenario: 'occupations',
    fault: 'redis-restart',
    breaks: ['redcliff_unavailable'],
    // Most requests need a lock, and most of the load comes after the outage, which lasts for more than a probe.
    variant: {
      durationMs: 9_000,
      window: { applyAtMs: 1_000, healAtMs: 2_600 },
      parameters: { downMs: 1_500 },
    },
  },
  {
    // GET /api/health answers 200 while MongoDB is down and nothing can be saved.
    name: 'health-green-without-database',
    title: 'The health route is content with either of the two stores',
    edits: [
      {
        file: 'system/api/routes/health.ts',
        find: "if (mongo === 'up') return { data };",
        replace: "if (mongo === 'up' || redis.state === 'up') return { data };",
      },
    ],
    scenario: 'reads',
    fault: 'mongo-down',
    breaks: ['I20'],
  },
  {
    // The health check reports all well while a lock that never expires blocks its work.
    name: 'lock-without-end-not-reported',
    title: 'A lock without a TTL does not count as long',
    edits: [
      {
        file: 'system/ops/locks/lock-tools.ts',
        find: `  if (secondsLeft === -1) return \`lock \${key} never expires\`;
`,
        replace: `  if (secondsLeft === -1) return undefined;
`,
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: [],
    notJudged: 'the tools of the operator are not processes of the target',
  },
  {
    // The health check neither restarts a stopped instance nor reports it while another of the same name is online.
    name: 'one-online-instance-is-enough',
    title: 'A daemon counts as well when any of its instances is online',
    edits: [
      {
        file: 'system/ops/health-check/health-check.ts',
        find: "named.every(({ status }) => status === 'online')",
        replace: "named.some(({ status }) => status === 'online')",
      },
    ],
    scenario: 'campaign',
    fault: 'none',
    breaks: [],
    notJudged: 'the tools of the operator are not processes of the target',
  },
  {
    // With Redis hanging and no REDIS_COMMAND_TIMEOUT_MS set, reads end with 504 until the circuit breaker opens,
    // where MongoDB could have answered.
    name: 'redis-timeout-above-deadline',
    title: 'The default time limit of a command to Redis is longer than the deadline of a request',
    edits: [
      {
        file: 'system/config/variables.ts',
        find: `    '250',
    'Longest wait for the answer of Redis to one command',`,
        replace: `    '2500',
    'Longest wait for the answer of Redis to one command',`,
      },
    ],
    scenario: 'reads',
    fault: 'redis-hang',
    breaks: ['I14'],
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } },
  },
  {
    // auto-restart restarts every process at every look.
    name: 'restart-limit-in-kibibytes',
    title: 'The memory limit of auto-restart is taken for kibibytes',
    edits: [
      {
        file: 'system/ops/auto-restart/main.ts',
        find: 'config.AUTO_RESTART_MEMORY_MEBIBYTES * 2 ** 20',
        replace: 'config.AUTO_RESTART_MEMORY_MEBIBYTES * 2 ** 10',
      },
    ],
    scenario: 'campaign',
    fault: 'none',
    breaks: [],
    notJudged: 'the tools of the operator are not processes of the target',
  },
  {
    // During an outage of MongoDB, when failed requests are logged as warnings, auto-restart restarts healthy
    // processes.
    name: 'warnings-count-as-errors',
    title: 'Warnings in the log of a process count as errors',
    edits: [
      {
        file: 'system/ops/auto-restart/judge-process.ts',
        find: 'const errorLevel = 50;',
        replace: 'const errorLevel = 40;',
      },
    ],
    scenario: 'campaign',
    fault: 'mongo-down',
    breaks: [],
    notJudged: 'the tools of the operator are not processes of the target',
  },
];
