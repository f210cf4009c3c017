/** What the clients did about each auction. */
import { textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';

export interface Dealings {
  readonly openings: Operation[];
  readonly bids: Operation[];
  readonly settlements: Operation[];
}

/** By the `_id` of the auction. */
export function dealingsByAuction(history: readonly Operation[]): Map<string, Dealings> {
  const dealings = new Map<string, Dealings>();
  const lists = { bid: 'bids', 'open-auction': 'openings', settle: 'settlements' } as const;
  for (const operation of history) {
    const list = operation.f in lists ? lists[operation.f as keyof typeof lists] : undefined;
    // An opening without an answer has no name to be found by.
    if (list === undefined || typeof operation.value['auction'] !== 'string') continue;
    const id = `${textField(operation, 'sessionId')}:a${textField(operation, 'auction')}`;
    let own = dealings.get(id);
    if (own === undefined) dealings.set(id, (own = { openings: [], bids: [], settlements: [] }));
    own[list].push(operation);
  }
  return dealings;
}
