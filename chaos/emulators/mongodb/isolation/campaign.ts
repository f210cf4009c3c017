/** Runs the workload with its faults against a fresh server and judges what was recorded. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import { judgeSnapshotIsolation } from './anomalies.ts';
import type { Judgement } from './anomalies.ts';
import type { TransactionRecord } from './history.ts';
import { runNemesis } from './nemesis.ts';
import type { NemesisReport } from './nemesis.ts';
import { runWorkload } from './workload.ts';

export interface CampaignOptions {
  readonly transactions: number;
  readonly clients: number;
  readonly seed: string;
  /** Between two faults; undefined for none. */
  readonly faultPauseMs: number | undefined;
}

export interface CampaignReport {
  readonly outcomes: Readonly<Record<TransactionRecord['outcome'], number>>;
  readonly judgement: Judgement;
  readonly faults: NemesisReport | undefined;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const random = seededRandom(options.seed);
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-isolation-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const server = cleanUp.use(
    await startMongoServer({
      host: '127.0.0.1',
      port: 0,
      folder,
      clock: systemClock,
      random: random.fork('server'),
    }),
  );
  const connect = async (appName: string): Promise<MongoClient> => {
    const client = new MongoClient(server.uri, {
      appName,
      maxPoolSize: options.clients,
      minHeartbeatFrequencyMS: 50,
    });
    cleanUp.defer(() => client.close(true));
    return client.connect();
  };
  const client = await connect('workload');
  await client.db('isolation').createCollection('lists');
  const stop = new AbortController();
  const pauseMs = options.faultPauseMs;
  const nemesis =
    pauseMs === undefined
      ? undefined
      : runNemesis(
          {
            client: await connect('nemesis'),
            state: server.state,
            random: random.fork('faults'),
            clock: systemClock,
            pauseMs,
          },
          stop.signal,
        );
  const { clients, transactions } = options;
  const workload = runWorkload({ client, clients, transactions, random, clock: systemClock });
  const { history, readAll } = await workload.finally(() => stop.abort());
  const faults = await nemesis;
  history.push(await readAll());
  const count = (outcome: TransactionRecord['outcome']) =>
    history.filter((record) => record.outcome === outcome).length;
  return {
    outcomes: { ok: count('ok'), fail: count('fail'), info: count('info') },
    judgement: judgeSnapshotIsolation(history),
    faults,
  };
}
