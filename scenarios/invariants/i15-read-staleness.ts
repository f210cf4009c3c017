/**
 * I15: no read is staler than L1's TTL plus the time an invalidation takes, outages included: of no entity, against what was acknowledged and against
 * what other readers saw.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { noStaleReads, type Quantity, type View } from '../../reports/checkers/no-stale-reads.ts';
import { documentsOf, isRecord, nameOf, type Document } from './documents.ts';
import { staleForMs } from './limits.ts';
import { acknowledgesTurn, readKinds } from './operations.ts';

/** Names of entities are those of their documents. */
const version = (operation: Operation, entity: string): View => ({
  entity,
  quantity: 'version',
  value: numberField(operation, 'version'),
});

const sessionOf = (operation: Operation) => textField(operation, 'sessionId');
const generalOf = (operation: Operation) => `${sessionOf(operation)}:g${numberField(operation, 'no')}`;

function proves(operation: Operation): readonly View[] {
  switch (operation.f) {
    case 'read-city':
      return [version(operation, `${sessionOf(operation)}:c${numberField(operation, 'city')}`)];
    case 'read-nation':
      return [version(operation, `${sessionOf(operation)}:n${numberField(operation, 'nation')}`)];
    case 'read-general':
    case 'reserve':
    case 'train':
      return [version(operation, generalOf(operation))];
    case 'read-session':
      return [
        version(operation, sessionOf(operation)),
        { entity: sessionOf(operation), quantity: 'turn', value: numberField(operation, 'turn') },
      ];
    // A list comes from the database past the entries of its entities. It may show a save whose outcome is not known yet, because the database went away
    // before it answered; until then no entry is invalidated. So the versions in it are judged, but prove nothing of reads of the entities.
    case 'list-generals':
      return [{ ...generalsOf(sessionOf(operation)), value: numberField(operation, 'count') }];
    case 'turn':
      if (!acknowledgesTurn(operation)) return [];
      return [{ entity: sessionOf(operation), quantity: 'turn', value: numberField(operation, 'turn') }];
    default:
      return [];
  }
}

/** Absent from histories of older scripts. */
function versionsListed({ value: { versions } }: Operation): readonly View[] {
  if (!isRecord(versions)) return [];
  return Object.entries(versions).flatMap(([entity, value]) =>
    typeof value === 'number' ? [{ entity, quantity: 'version', value }] : [],
  );
}

const generalsOf = (session: string): Quantity => ({
  entity: `the generals of ${session}`,
  quantity: 'count',
});

/** A turn ends when all its generals have lived it, so a general shows a turn of the session; but he may be ahead of it. */
function views(operation: Operation): readonly View[] {
  if (operation.f.startsWith('list-')) return [...proves(operation), ...versionsListed(operation)];
  if (operation.f !== 'read-general') return proves(operation);
  const turn = { entity: sessionOf(operation), quantity: 'turn', value: numberField(operation, 'lastTurn') };
  return [...proves(operation), turn];
}

/** Documents that a change wrote, each to a higher version. */
function raises(operation: Operation): readonly Quantity[] {
  const { f, value } = operation;
  if (value['outcome'] !== 'applied') return [];
  const versionOf = (kind: string, number: unknown): Quantity => ({
    entity: `${sessionOf(operation)}:${kind}${String(number)}`,
    quantity: 'version',
  });
  switch (f) {
    case 'occupy':
      return [
        versionOf('c', value['city']),
        versionOf('n', value['nation']),
        ...(value['from'] === 0 ? [] : [versionOf('n', value['from'])]),
      ];
    case 'hire':
      return [versionOf('n', value['nation']), generalsOf(sessionOf(operation))];
    case 'destroy':
      return [versionOf('n', value['nation'])];
    case 'diplomacy':
      return [versionOf('n', value['from']), versionOf('n', value['to'])];
    case 'bid':
      return [versionOf('g', value['bidder'])];
    default:
      return [];
  }
}

const versioned = ['sessions', 'generals', 'cities', 'nations'] as const;

function versionsIn(documents: (collection: string) => readonly Document[]): View[] {
  return [
    ...versioned.flatMap((collection) =>
      documents(collection).flatMap((document) => {
        const value = document['version'];
        return typeof value === 'number' ? [{ entity: nameOf(document), quantity: 'version', value }] : [];
      }),
    ),
    ...[...Map.groupBy(documents('generals'), (general) => String(general['session_id']))].map(
      ([session, generals]) => ({ ...generalsOf(session), value: generals.length }),
    ),
  ];
}

export const readStaleness = noStaleReads({
  invariant: 'I15',
  title: 'No read is staler than L1 allows',
  reads: { f: readKinds },
  views,
  proves,
  raises,
  initial: ({ initial }) => (initial === undefined ? [] : versionsIn((name) => initial[name] ?? [])),
  final: (evidence) => versionsIn((name) => documentsOf(evidence, name)),
  boundMs: staleForMs,
});
