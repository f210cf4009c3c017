/**
 * A mongod fetched from MongoDB's own servers, for those who ask for it: it is a hundred megabytes and needs a network. Kept in
 * `.cache/mongod` for the next time. The variables of mongodb-memory-server (`MONGOMS_…`), such as a mirror, are honoured.
 */
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { MissingPartError } from '../errors.ts';
import { cacheFolder } from '../setup/own-files.mjs';
import { withDeadline } from './deadline.ts';
import type { Program } from './programs.ts';

const defaultVersion = '8.0.13';
const deadlineMs = 600_000;
const folder = path.join(cacheFolder, 'mongod');

/** Throws `MissingPartError`. `REDCLIFF_MONGO_VERSION` names another version. */
export async function fetchMongod(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<Program> {
  const given = environment['REDCLIFF_MONGO_VERSION'] ?? '';
  const version = given === '' ? defaultVersion : given;
  // Loaded only when it is needed.
  const { MongoBinary } = await import('mongodb-memory-server-core').catch((error: unknown) => {
    throw new MissingPartError(
      'the package mongodb-memory-server-core, which fetches a mongod, is not installed',
      'npm install --save-dev mongodb-memory-server-core, or take the embedded MongoDB with --mongo embedded',
      { cause: error },
    );
  });
  const fetching = MongoBinary.getPath({ version, downloadDir: folder });
  try {
    const command = await withDeadline(fetching, deadlineMs, `fetching mongod ${version}`, clock);
    return {
      kind: 'real',
      command,
      args: [],
      environment: {},
      label: 'mongod',
      source: `fetched, ${version}`,
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new MissingPartError(
      `mongod ${version} could not be fetched: ${words}`,
      'see that fastdl.mongodb.org can be reached, or name a mirror in MONGOMS_DOWNLOAD_MIRROR, a mongod with --mongo PATH, or the embedded one with --mongo embedded',
      { cause: error },
    );
  }
}
