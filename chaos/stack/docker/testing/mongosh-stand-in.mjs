/**
 * In the place of mongosh in a stand-in image: evaluates `--eval` with as much of `db` and `rs` as a health check and the
 * initiation of a replica set need. Each command is sent by a process of its own, for the expressions expect to wait for nothing.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';
import vm from 'node:vm';
import { MongoClient } from 'mongodb';

const { values, positionals } = parseArgs({
  options: {
    eval: { type: 'string' },
    quiet: { type: 'boolean' },
    command: { type: 'string' },
    port: { type: 'string' },
  },
  allowPositionals: true,
});
const uri = positionals[0] ?? `mongodb://127.0.0.1:${values.port ?? 27_017}/?directConnection=true`;

if (values.command !== undefined) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3_000, directConnection: true });
  try {
    process.stdout.write(JSON.stringify(await client.db('admin').command(JSON.parse(values.command))));
  } catch (error) {
    process.stdout.write(JSON.stringify({ ok: 0, codeName: error.codeName, errmsg: error.message }));
  } finally {
    await client.close();
  }
} else {
  const adminCommand = (command) => {
    const args = [process.argv[1], uri, '--command', JSON.stringify(command)];
    const answer = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    if (answer.ok === 1) return answer;
    throw Object.assign(new Error(answer.errmsg), { codeName: answer.codeName });
  };
  const db = { adminCommand, hello: () => adminCommand({ hello: 1 }) };
  const rs = {
    initiate: (config) => adminCommand({ replSetInitiate: config }),
    status: () => adminCommand({ replSetGetStatus: 1 }),
  };
  const quit = (status = 0) => process.exit(status);
  const result = vm.runInNewContext(values.eval ?? '', { db, rs, quit, print: console.log });
  if (result !== undefined) console.log(result);
}
