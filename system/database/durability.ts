/** What "acknowledged" means for a write outside a transaction: on the disks of a majority, so that no failover forgets it. */
export const durable = { writeConcern: { w: 'majority', journal: true } } as const;
