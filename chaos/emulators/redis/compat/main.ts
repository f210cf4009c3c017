/**
 * Compares the emulator with redis-server: `node chaos/emulators/redis/compat/main.ts [commands] [seed] [round]`, 1,000,000 commands
 * unless given. A round of some hundred commands depends on the seed and its number only, so that one that found a difference can be
 * run again alone; the data are then compared after each step.
 */
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { cacheFolder } from '../../../setup/own-files.mjs';
import { findRedisProgram } from '../../../setup/redis-program.mjs';
import { EmulatedSide } from './emulated-side.ts';
import { DifferenceError, KnownFaultError } from './pair.ts';
import { RealSide } from './real-side.ts';
import { runRound } from './round.ts';

const commandsPerRound = 400;
const reportEveryMs = 10_000;

async function main(): Promise<void> {
  const [commandsText = '1000000', seed = '1', onlyRound] = process.argv.slice(2);
  const commandsMax = Number(commandsText);
  if (!Number.isInteger(commandsMax) || commandsMax < 1) {
    process.stderr.write('usage: main.ts [commands] [seed] [round]\n');
    process.exitCode = 64;
    return;
  }
  const program = findRedisProgram({ cacheFolder, environment: process.env });
  if (!program.found) {
    process.stderr.write(`${program.reason}\n`);
    process.exitCode = 69;
    return;
  }
  await using real = await RealSide.start(program);
  using emulated = new EmulatedSide({ clock: systemClock });
  const startMs = systemClock.monotonicMs();
  let reportedMs = startMs;
  let commands = 0;
  let differences = 0;
  let cutShort = 0;
  for (let round = Number(onlyRound ?? 0); commands < commandsMax; round += 1) {
    try {
      commands += await runRound({
        sides: { real, emulated },
        clock: systemClock,
        random: seededRandom(`${seed}/${round}`),
        commandsMax: Math.min(commandsPerRound, commandsMax - commands),
        comparesEachStep: onlyRound !== undefined,
      });
    } catch (thrown) {
      if (thrown instanceof KnownFaultError) {
        cutShort += 1;
        continue;
      }
      if (!(thrown instanceof DifferenceError)) throw thrown;
      differences += 1;
      commands += commandsPerRound;
      process.stdout.write(`round ${round}: ${thrown.message}\n\n`);
    }
    if (systemClock.monotonicMs() - reportedMs > reportEveryMs) {
      reportedMs = systemClock.monotonicMs();
      process.stdout.write(`${commands} commands, ${differences} rounds with differences\n`);
    }
    if (onlyRound !== undefined) break;
  }
  const seconds = ((systemClock.monotonicMs() - startMs) / 1000).toFixed(1);
  process.stdout.write(
    `${commands} commands in ${seconds} s, ${differences} rounds with differences, ` +
      `${cutShort} cut short by a known fault of redis-server\n`,
  );
  process.exitCode = differences === 0 ? 0 : 1;
}

await main();
