/** The bank of the crash test: accounts, and a record of every transfer in the same transaction as its two changes. */
import { encodeDocument } from '../../bson/encode.ts';
import type { StorageEngine, StorageTransaction } from '../contract.ts';
import { indexSpec, inTransaction } from './engine-fixture.ts';

export const accounts = 'bank.accounts';
export const transfers = 'bank.transfers';
export const accountCount = 12;
export const openingBalance = 1000;

export interface Transfer {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Creates the bank unless it is there. */
export async function openBank(engine: StorageEngine): Promise<void> {
  if (engine.collection(accounts) !== undefined) return;
  inTransaction(engine, (transaction) => {
    transaction.createCollection(accounts, {});
    transaction.createCollection(transfers, {});
    transaction.createIndex(transfers, indexSpec({ key: { from: 1, amount: -1 } }));
    for (let account = 0; account < accountCount; account += 1) {
      transaction.insert(accounts, encodeDocument({ _id: account, balance: openingBalance }));
    }
  });
  await engine.flush();
}

/** Throws `WriteConflictError` when another transfer is on one of the accounts. */
export function changeBalance(transaction: StorageTransaction, account: number, change: number): void {
  const current = transaction.find(accounts, account);
  if (current === undefined) throw new Error(`there is no account ${account}`);
  const balance = Number(current.document()['balance']) + change;
  transaction.update(accounts, current, encodeDocument({ _id: account, balance }));
}

export function recordTransfer(transaction: StorageTransaction, { id, from, to, amount }: Transfer): void {
  transaction.insert(transfers, encodeDocument({ _id: id, from, to, amount }));
}

/** What is wrong with the bank: empty when all of `acknowledged` are there, once, and every balance is explained by the transfers. */
export function auditBank(engine: StorageEngine, acknowledged: Iterable<string>): string[] {
  const transaction = engine.begin();
  const expected = Array.from({ length: accountCount }, () => openingBalance);
  const known = new Set<unknown>();
  for (const found of transaction.scan(transfers)) {
    const { _id, from, to, amount } = found.document();
    known.add(_id);
    expected[Number(from)] = (expected[Number(from)] ?? 0) - Number(amount);
    expected[Number(to)] = (expected[Number(to)] ?? 0) + Number(amount);
  }
  const faults: string[] = [];
  for (const id of acknowledged) if (!known.has(id)) faults.push(`acknowledged transfer ${id} is lost`);
  const balances = Array.from(transaction.scan(accounts), (found) => Number(found.document()['balance']));
  for (const [account, balance] of balances.entries()) {
    if (balance !== expected[account])
      faults.push(`account ${account} has ${balance}, its transfers say ${expected[account]}`);
  }
  const total = balances.reduce((sum, balance) => sum + balance, 0);
  if (total !== accountCount * openingBalance) faults.push(`the total is ${total}`);
  const indexed = engine.statistics(transfers).indexes['from_1_amount_-1'];
  if (indexed !== known.size) faults.push(`the index has ${indexed} entries for ${known.size} transfers`);
  transaction.abort();
  return faults;
}
