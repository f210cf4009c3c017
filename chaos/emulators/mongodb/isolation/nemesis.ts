/** The faults of the isolation test: commands that fail, connections cut with the reply on its way, step-downs. */
import type { MongoClient } from 'mongodb';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { ServerState } from '../server-state.ts';

export interface NemesisOptions {
  /** Of its own, so that the faults do not strike the one who sets them. */
  readonly client: MongoClient;
  readonly state: ServerState;
  readonly random: Random;
  readonly clock: Clock;
  readonly pauseMs: number;
}

export interface NemesisReport {
  readonly failCommands: number;
  readonly cutConnections: number;
  readonly stepDowns: number;
}

/** Errors a server may answer without having done the command. A commit that is told 112 or 251 would be told a lie. */
const faultsByCommand = [
  { command: 'find', errorCodes: [112, 251, 91, 189, 10107, 11602] },
  { command: 'update', errorCodes: [112, 251, 91, 189, 10107, 11602] },
  { command: 'commitTransaction', errorCodes: [91, 189, 10107, 11602] },
] as const;
const stepDownSeconds = 0.15;

/** Strikes until `stop` is aborted, then switches the fail point off. */
export async function runNemesis(options: NemesisOptions, stop: AbortSignal): Promise<NemesisReport> {
  const { client, clock, pauseMs, random, state } = options;
  const report = { failCommands: 0, cutConnections: 0, stepDowns: 0 };
  const admin = client.db('admin');
  while (!stop.aborted) {
    await clock.sleep(pauseMs, stop).catch(() => undefined);
    if (stop.aborted) break;
    const draw = random.next();
    if (draw < 0.45) {
      report.failCommands += 1;
      const { command, errorCodes } = random.pick(faultsByCommand);
      const data =
        random.next() < 0.4 ? { closeConnection: true } : { errorCode: random.pick<number>(errorCodes) };
      await admin
        .command({
          configureFailPoint: 'failCommand',
          mode: { times: random.integer(1, 3) },
          data: { failCommands: [command], appName: 'workload', ...data },
        })
        .catch(() => undefined);
    } else if (draw < 0.85) {
      const victims = [...state.connections].filter(({ applicationName }) => applicationName === 'workload');
      if (victims.length > 0) {
        report.cutConnections += 1;
        random.pick(victims).close();
      }
    } else {
      report.stepDowns += 1;
      await admin
        .command({ replSetStepDown: stepDownSeconds, secondaryCatchUpPeriodSecs: 0, force: true })
        .catch(() => undefined);
    }
  }
  await untilDone(() => admin.command({ configureFailPoint: 'failCommand', mode: 'off' }), clock);
  return report;
}

const attemptsMax = 50;
const retryPauseMs = 50;

/** The nemesis' own connection may meet the faults it made. @throws what the last attempt threw. */
async function untilDone(action: () => Promise<unknown>, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action();
      return;
    } catch (thrown) {
      if (attempt === attemptsMax) throw thrown;
      await clock.sleep(retryPauseMs);
    }
  }
}
