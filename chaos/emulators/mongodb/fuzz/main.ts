/** `node chaos/emulators/mongodb/fuzz/main.ts [messages] [seed]`: a campaign of any size. Exit 1 when something was found. */
import { fuzzServer } from './run.ts';

const [messages = '100000', seed = 'fuzz'] = process.argv.slice(2);
const result = await fuzzServer(Number(messages), seed);
process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
const found =
  result.hung.length + result.defects.length + result.malformedReplies.length + result.internalErrors.length;
if (found > 0 || !result.stillServes) process.exitCode = 1;
