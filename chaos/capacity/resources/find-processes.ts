/** Finds the processes of a run by the mark that each of them carries in its environment, and says what each of them is. */
import { readdir, readFile } from 'node:fs/promises';
import { runIdVariable } from '../../process/run-id.ts';

export interface FoundProcess {
  /** Such as `api-1`, `redis`, `mongodb`. */
  readonly name: string;
  readonly pid: number;
  /** Whether its first thread is an event loop that all requests have to pass. */
  readonly singleThreaded: boolean;
}

/** Parts of a command line by which the servers of the stack are known. */
const servers = [
  { name: 'redis', words: ['redis-server', 'valkey-server'], singleThreaded: true },
  { name: 'mongodb', words: ['emulators/mongodb/'], singleThreaded: true },
  { name: 'mongodb', words: ['mongod'], singleThreaded: false },
  { name: 'toxiproxy', words: ['emulators/toxiproxy/'], singleThreaded: true },
  { name: 'toxiproxy', words: ['toxiproxy-server'], singleThreaded: false },
] as const;

/** Empty where there is no /proc. */
export async function findProcesses(runId: string): Promise<FoundProcess[]> {
  const entries = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries.filter((name) => /^\d+$/.test(name)).map((name) => describe(Number(name), runId)),
  );
  return found.flat().toSorted((left, right) => left.name.localeCompare(right.name, 'en'));
}

async function describe(pid: number, runId: string): Promise<FoundProcess[]> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const variables = (await read('environ')).split('\0');
  if (!variables.includes(`${runIdVariable}=${runId}`)) return [];
  const command = (await read('cmdline')).split('\0');
  const instance = variables.find((variable) => variable.startsWith('INSTANCE_ID='));
  if (instance !== undefined && command.some((word) => word.includes('/system/')))
    return [{ name: instance.slice('INSTANCE_ID='.length), pid, singleThreaded: true }];
  const server = servers.find(({ words }) =>
    words.some((word) => command.some((part) => part.includes(word))),
  );
  return server === undefined ? [] : [{ name: server.name, pid, singleThreaded: server.singleThreaded }];
}
