/** Commands of Redis Cluster. The emulator is a single server, and answers as one on which the cluster is off. */
import { plainError } from '../../errors.ts';
import type { Run } from '../context.ts';
import { commandFamily } from '../family.ts';
import { readCommandTable } from '../declaration.ts';
import { clusterTable } from './table.ts';

const refuse: Run = () => {
  throw plainError('This instance has cluster support disabled');
};

const refused = readCommandTable('cluster', clusterTable).map(({ name }) => [name, refuse] as const);

export const cluster = commandFamily('cluster', clusterTable, Object.fromEntries(refused));
