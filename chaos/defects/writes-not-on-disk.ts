/** Stands in for `system/database/durability.ts`: a write counts as soon as the primary has it in memory. */
export const durable = { writeConcern: { w: 1, journal: false } } as const;
