/** Reads the environment once at start and names every variable that is wrong, so that all can be corrected at once. */
import { z } from 'zod';
import { type VariableName, variables } from './variables.ts';

export type Config = {
  readonly [Name in VariableName]: z.output<(typeof variables)[Name]['schema']>;
};

interface ConfigurationProblem {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

export class ConfigurationError extends Error {
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ variable, problem, remedy }) => `  ${variable}: ${problem}. ${remedy}`);
    super(`The configuration is wrong:\n${lines.join('\n')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

const schema: z.ZodType<Config> = z.object(
  Object.fromEntries(Object.entries(variables).map(([name, { schema: type }]) => [name, type])),
) as unknown as z.ZodType<Config>;

/** An empty variable counts as absent. Throws ConfigurationError. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string | undefined> = {};
  for (const [name, { fallback }] of Object.entries(variables)) {
    const value = environment[name];
    given[name] = value === undefined || value === '' ? (fallback ?? undefined) : value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    checkTogether(parsed.data);
    return parsed.data;
  }
  const problems = parsed.error.issues.map((issue) => describe(String(issue.path[0]), given, issue.message));
  throw new ConfigurationError(problems);
}

/** What is right only beside other variables. */
function checkTogether(config: Config): void {
  const longestLockSeconds = Math.max(
    config.AUCTION_SETTLEMENT_LOCK_TTL_SECONDS,
    config.BATTLE_LOCK_TTL_SECONDS,
    config.NATION_LOCK_TTL_SECONDS,
    config.OCCUPATION_LOCK_TTL_SECONDS,
    config.SESSION_LOCK_TTL_SECONDS,
    config.TOURNAMENT_LOCK_TTL_SECONDS,
    config.TURN_LOCK_TTL_SECONDS,
  );
  if (config.FENCE_KEEP_SECONDS >= 2 * longestLockSeconds) return;
  throw new ConfigurationError([
    {
      variable: 'FENCE_KEEP_SECONDS',
      problem: `"${config.FENCE_KEEP_SECONDS}" is less than twice the longest lock TTL, ${longestLockSeconds} s`,
      remedy: 'Set it to more, so that a fence outlives every holder of its lock',
    },
  ]);
}

function describe(
  name: string,
  given: Readonly<Record<string, string | undefined>>,
  message: string,
): ConfigurationProblem {
  const known = Object.entries(variables).find(([candidate]) => candidate === name)?.[1];
  const remedy = `Set ${name} (${known?.meaning ?? 'unknown'})`;
  return given[name] === undefined
    ? { variable: name, problem: 'is missing and has no default', remedy }
    : { variable: name, problem: `${JSON.stringify(given[name])} is not valid: ${message}`, remedy };
}
