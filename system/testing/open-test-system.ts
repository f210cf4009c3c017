/** The parts of the system inside the test's own process, for what can not be seen from outside. */
import type { Clock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { openSystem, type System, waitForDatabase } from '../system.ts';
import { generateWorld } from '../world/generate.ts';
import type { WorldPlan } from '../world/plan.ts';
import { plantWorld } from '../world/plant-world.ts';
import { testEnvironment } from './system-processes.ts';
import type { TestStack } from './test-stack.ts';

/** Ready to use: MongoDB has answered, Redis is connected and trusted. */
export async function openTestSystem(
  stack: TestStack,
  environment?: Readonly<Record<string, string>>,
  clock?: Clock,
): Promise<System> {
  const config = loadConfig({ ...testEnvironment(stack, environment), LOG_LEVEL: 'silent' });
  const system = openSystem({ config, name: 'test', ...(clock === undefined ? {} : { clock }) });
  await waitForDatabase(system, AbortSignal.timeout(45_000));
  const guard = AbortSignal.timeout(45_000);
  while (system.redis.status !== 'ready' || !system.l2.usable) await system.clock.sleep(10, guard);
  return system;
}

type WorldSize = Omit<WorldPlan, 'nowMs' | 'seed' | 'sessionId'>;

/** A world of its own for one test; its turns are not due before long unless asked for. */
export async function plantTestWorld(
  system: System,
  sessionId: string,
  size: Partial<WorldSize> = {},
): Promise<void> {
  const world = generateWorld({
    sessionId,
    seed: sessionId,
    generals: 10,
    cities: 5,
    nations: 2,
    turnPeriodMs: 3_600_000,
    nowMs: system.clock.nowMs(),
    ...size,
  });
  await plantWorld(system.collections, world);
}
