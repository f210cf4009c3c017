/**
 * The process that the crash test kills: many transfers at once, for ever; the id of each is printed when it is
 * durable. Arguments: folder, seed, prefix of the ids.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../../../clock.ts';
import { seededRandom, type Random } from '../../../../random.ts';
import type { StorageEngine } from '../contract.ts';
import { openStorageEngine } from '../engine.ts';
import { WriteConflictError } from '../errors.ts';
import { accountCount, changeBalance, openBank, recordTransfer, type Transfer } from './bank.ts';

const clients = 16;

async function transferForEver(engine: StorageEngine, random: Random, prefix: string): Promise<never> {
  for (let number = 0; ; number += 1) {
    const from = random.integer(0, accountCount - 1);
    const to = (from + random.integer(1, accountCount - 1)) % accountCount;
    const transfer = { id: `${prefix}-${number}`, from, to, amount: random.integer(1, 100) };
    while (!(await tryTransfer(engine, transfer)));
    writeSync(1, `${transfer.id}\n`);
  }
}

/** False after a conflict, when the other transaction has ended. */
async function tryTransfer(engine: StorageEngine, transfer: Transfer): Promise<boolean> {
  const transaction = engine.begin();
  try {
    changeBalance(transaction, transfer.from, -transfer.amount);
    await new Promise(setImmediate);
    changeBalance(transaction, transfer.to, transfer.amount);
    recordTransfer(transaction, transfer);
    await transaction.commit().durable;
    return true;
  } catch (error) {
    transaction.abort();
    if (!(error instanceof WriteConflictError)) throw error;
    await error.settled;
    return false;
  }
}

const [folder, seed = '', prefix = ''] = process.argv.slice(2);
const random = seededRandom(seed);
await using engine = await openStorageEngine({
  folder,
  clock: systemClock,
  random,
  snapshotAfterBytes: 64 * 1024,
});
await openBank(engine);
writeSync(1, 'ready\n');
await Promise.all(
  Array.from({ length: clients }, (_, client) =>
    transferForEver(engine, random.fork(`client ${client}`), `${prefix}-${client}`),
  ),
);
