/** `node chaos/emulators/mongodb/isolation/main.ts [transactions] [clients] [seed]`: a campaign of any size. Exit 1 on an anomaly. */
import { runCampaign } from './campaign.ts';

const [transactions = '20000', clients = '16', seed = 'campaign'] = process.argv.slice(2);
const report = await runCampaign({
  transactions: Number(transactions),
  clients: Number(clients),
  seed,
  faultPauseMs: 100,
});
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
if (report.judgement.anomalies.length > 0 || report.judgement.writeSkews === 0) process.exitCode = 1;
