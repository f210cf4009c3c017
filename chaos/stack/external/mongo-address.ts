/**
 * The address of an external MongoDB: one server, or several (a replica set, `mongodb+srv` such as Atlas gives,
 * routers of a sharded cluster), of which the primary or one router is chosen once it has been asked.
 */
import { UsageError } from '../../errors.ts';
import { withoutSecrets } from './secrets.ts';

export interface MongoAddress {
  /** As it was given. */
  readonly text: string;
  /** It has to be asked which server is meant. */
  readonly isSeveral: boolean;
  /** The user's part with its @, or empty. */
  readonly user: string;
  /** Of the only server, with its port. */
  readonly place: string;
  readonly options: URLSearchParams;
}

const flag = '--mongo-uri';
const standardPort = 27_017;
const form = /^mongodb(\+srv)?:\/\/([^/]*@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/;

/** Throws `UsageError`. */
export function parseMongoAddress(text: string, remedy: string): MongoAddress {
  const parsed = form.exec(text);
  const [, service, user = '', hosts = '', database = '', query = ''] = parsed ?? [];
  if (parsed === null || hosts.split(',').some((host) => !isPlace(host))) {
    throw new UsageError(
      `${flag} "${withoutSecrets(text)}" is not a mongodb: or mongodb+srv: address`,
      `${remedy}; characters such as @ and / in a password have to be encoded`,
    );
  }
  const options = new URLSearchParams(query);
  if (options.get('loadBalanced') === 'true') {
    throw new UsageError(
      `${flag} "${withoutSecrets(text)}" is behind a load balancer, which does not let one server be chosen`,
      'give the address of the replica set or of a router itself',
    );
  }
  // The database in an address is where its user is looked up, unless the address says otherwise.
  if (database !== '' && user !== '' && !options.has('authSource')) options.set('authSource', database);
  const isSeveral = service !== undefined || hosts.includes(',');
  return { text, isSeveral, user, place: withPort(hosts.split(',')[0] ?? ''), options };
}

/** The address of one server; the driver must stay at it, instead of asking the replica set for others. */
export function directUri(address: MongoAddress, place: string): string {
  const options = new URLSearchParams(address.options);
  options.delete('replicaSet');
  options.set('directConnection', 'true');
  return `mongodb://${address.user}${place}/?${options.toString()}`;
}

function isPlace(text: string): boolean {
  return /^(?:[^:[\]\s]+|\[[^\]]+\])(?::\d+)?$/.test(text);
}

function withPort(place: string): string {
  return /:\d+$/.test(place) ? place : `${place}:${standardPort}`;
}
