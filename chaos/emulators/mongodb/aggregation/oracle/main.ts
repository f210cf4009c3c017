/** `node chaos/emulators/mongodb/aggregation/oracle/main.ts [cases] [seed]`: as many as you like. Exit 1 when one is wrong. */
import { runOracle } from './campaign.ts';

const [cases = '100000', seed = 'expressions'] = process.argv.slice(2);
const report = runOracle(Number(cases), seed);
const operators = Object.fromEntries([...report.operators].toSorted());
process.stdout.write(`${JSON.stringify({ ...report, operators }, undefined, 2)}\n`);
if (report.wrong.length > 0) process.exitCode = 1;
