/**
 * I21: locks are taken and given back by their rules, judged by the commands themselves as they crossed the proxies: under the documented names, with the
 * configured time, tried again after a pause, released by their token alone, and, undisturbed, released and not left to expire.
 */
import type { Evidence, LockCommand } from '../../reports/record/evidence.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';

const identity = { invariant: 'I21', title: 'Locks are taken and released by their rules' };

export const lockCommands: Checker = {
  ...identity,
  check: (history, evidence) => {
    const commands = evidence.lockCommands ?? [];
    const taken = commands.filter(isTaking);
    const log = evidence.database['turn_log'] ?? [];
    return conclude(identity, 'always', evidence, {
      findings: [
        ...commands.flatMap(foreignName),
        ...commands.flatMap(foreignCommand),
        ...taken.flatMap((command) => wrongTtl(command, evidence)),
        ...stolenReleases(commands),
        ...(evidence.faults.length === 0 ? unreleased(commands, evidence) : []),
        ...history.flatMap(hurried),
        ...turnsWithoutLock(log, commands, evidence),
      ],
      checked: `${taken.length} attempts at ${new Set(taken.map(keyOf)).size} locks, and what followed, kept the rules`,
      missing:
        evidence.lockCommands === undefined
          ? 'commands on locks were not recorded'
          : taken.length === 0
            ? 'no lock was asked for'
            : null,
    });
  },
};

const taking = /^(?:SET|SETNX)$/;
const releasing = /^(?:EVAL|EVALSHA)$/;

function isTaking({ command }: LockCommand): boolean {
  return taking.test(command);
}

/** The lock's key, and the token of the command, wherever they stand. */
function keyOf(command: LockCommand): string {
  return isTaking(command) ? (command.arguments[0] ?? '') : (lockIn(command.arguments) ?? '');
}

function lockIn(given: readonly string[]): string | undefined {
  return given.find((argument) => argument.includes(':lock:'));
}

function tokenOf(command: LockCommand): string {
  if (isTaking(command)) return command.arguments[1] ?? '';
  return command.arguments[command.arguments.indexOf(keyOf(command)) + 1] ?? '';
}

function finding(summary: string, commands: readonly LockCommand[]): Finding {
  return { definite: true, witness: () => ({ summary, operations: [], facts: { commands } }) };
}

const part = '[^:]+';
const names = [
  `session:lock:${part}(?::turn)?`,
  `city:lock:${part}:\\d+`,
  `battle:lock:${part}:${part}`,
  `auction:lock:${part}:${part}`,
  `nation:lock:${part}:\\d+`,
  `tournament:lock:${part}:t${part}:round:\\d+`,
].map((pattern) => new RegExp(`^${pattern}$`));

function foreignName(command: LockCommand): Finding[] {
  const key = keyOf(command);
  if (names.some((name) => name.test(key))) return [];
  return [finding(`${command.process} uses the lock ${key}, which no work has`, [command])];
}

/** Any other command that changes the key of a lock does so without comparing the token. */
function foreignCommand(command: LockCommand): Finding[] {
  if (isTaking(command) || releasing.test(command.command)) return [];
  return [
    finding(
      `${command.process} sent ${command.command} for ${keyOf(command)}, without regard to its holder`,
      [command],
    ),
  ];
}

/** Settings of a scenario may shorten some, but not to a fraction. */
const ttlShareMin = 0.25;

function wrongTtl(command: LockCommand, { limits }: Evidence): Finding[] {
  const options = command.arguments.map((argument) => argument.toUpperCase());
  const seconds = Number(command.arguments[options.indexOf('EX') + 1]);
  const milliseconds = Number(command.arguments[options.indexOf('PX') + 1]);
  const ttlMs = options.includes('EX') ? seconds * 1_000 : options.includes('PX') ? milliseconds : null;
  const { lockTtlMs } = limits;
  if (!options.includes('NX') && command.command === 'SET')
    return [
      finding(`${command.process} took ${keyOf(command)} without asking whether it is free`, [command]),
    ];
  if (ttlMs === null) return [finding(`${command.process} took ${keyOf(command)} without an end`, [command])];
  if (lockTtlMs === undefined || (ttlMs <= lockTtlMs && ttlMs >= lockTtlMs * ttlShareMin)) return [];
  return [
    finding(
      `${command.process} took ${keyOf(command)} for ${ttlMs} ms, and a lock lives for ${lockTtlMs} ms`,
      [command],
    ),
  ];
}

function isTaken(command: LockCommand): boolean {
  return isTaking(command) && (command.reply === 'OK' || command.reply === 1);
}

function isReleased(command: LockCommand): boolean {
  return releasing.test(command.command) && command.reply === 1;
}

/** Releases by a token that nothing was taken with, after the lock had been taken: one that was taken before the recording began has no other before. */
function stolenReleases(commands: readonly LockCommand[]): Finding[] {
  return [...Map.groupBy(commands, keyOf)].flatMap(([key, own]) => {
    const tokens = new Set(own.filter(isTaking).map(tokenOf));
    return own
      .filter(
        (command) =>
          isReleased(command) &&
          !tokens.has(tokenOf(command)) &&
          own.some((other) => isTaken(other) && (other.endedMs ?? Infinity) < command.startedMs),
      )
      .map((command) =>
        finding(`${command.process} released ${key} by a token that it was never taken with`, [command]),
      );
  });
}

/** A process that had no processor may have given a release up: some are left to expire then, but not many. */
const leftMin = 3;
const leftShareMin = 0.1;

/** Undisturbed, nothing keeps a holder from its release. */
function unreleased(commands: readonly LockCommand[], { loadEndMs }: Evidence): Finding[] {
  const released = new Set(
    commands.filter(({ command }) => releasing.test(command)).map((one) => `${keyOf(one)} ${tokenOf(one)}`),
  );
  const taken = commands.filter((command) => isTaken(command) && command.startedMs < loadEndMs);
  const left = taken.filter((command) => !released.has(`${keyOf(command)} ${tokenOf(command)}`));
  const [first] = left;
  if (first === undefined || left.length < leftMin || left.length < leftShareMin * taken.length) return [];
  return [
    finding(
      `${left.length} of ${taken.length} locks were never released, and nothing was broken: ${first.process} took ${keyOf(first)}, for one`,
      left.slice(0, 5),
    ),
  ];
}

/** Milliseconds that all further tries for a lock take at least, by what asks for it: a pause before each. */
const pausesMs: Readonly<Record<string, number>> = {
  destroy: 3 * 250,
  'finish-battle': 2 * 200,
  occupy: 2 * 200,
};
const roundingMs = 20;

/** A request that is refused because a lock is held has waited for it: a lack of processors only makes that longer. */
function hurried({ f, startedMs, endedMs, value }: Operation): Finding[] {
  const leastMs = pausesMs[f];
  const tookMs = endedMs - startedMs;
  if (leastMs === undefined || value['code'] !== 'lock_not_acquired' || tookMs >= leastMs - roundingMs)
    return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `a ${f} was told after ${Math.round(tookMs)} ms that its lock is held, and the pauses between its tries take ${leastMs} ms`,
        operations: [{ f, startedMs, endedMs, value }],
        facts: { tookMs, leastMs },
      }),
    },
  ];
}

/** A turn is processed under the lock of its session's turns. */
function turnsWithoutLock(
  log: readonly Readonly<Record<string, unknown>>[],
  commands: readonly LockCommand[],
  evidence: Evidence,
): Finding[] {
  if (evidence.lockCommands === undefined || commands.length === 0) return [];
  const locks = new Set(commands.filter(isTaking).map(keyOf));
  const sessions = new Set(log.map((entry) => String(entry['session_id'])));
  return [...sessions]
    .filter((session) => !locks.has(`session:lock:${session}:turn`))
    .map((session) => finding(`turns of ${session} were processed, and their lock was not taken`, []));
}
