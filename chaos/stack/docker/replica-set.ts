/**
 * Makes one MongoDB or three a replica set. The first member is the one that the target is connected to: of three it is preferred as
 * primary, and soon takes the role back from whichever was elected in its absence.
 */
import { openMongo } from '../mongo-launch.ts';

export const replicaSetName = 'redcliff';
export const mongoPort = 27_017;
/** MongoDB's default of ten seconds is longer than most faults. */
const electionTimeoutMs = 2_000;
const heartbeatMs = 500;

/** Name of a member in the network of the stack, by which Toxiproxy finds it. */
export function memberName(index: number): string {
  return `mongo-${index + 1}`;
}

/**
 * Name by which the members of a set of several find each other: in a network of their own, so that one can be cut from the others
 * while Toxiproxy still reaches it.
 */
export function peerName(index: number): string {
  return `member-${index + 1}`;
}

export interface ReplicaSetConfig {
  readonly _id: string;
  readonly members: readonly { readonly _id: number; readonly host: string; readonly priority: number }[];
  readonly settings: { readonly electionTimeoutMillis: number; readonly heartbeatIntervalMillis: number };
}

export function replicaSetConfig(members: number): ReplicaSetConfig {
  return {
    _id: replicaSetName,
    members: Array.from({ length: members }, (_, index) => ({
      _id: index,
      host: `${(members === 1 ? memberName : peerName)(index)}:${mongoPort}`,
      priority: index === 0 ? 2 : 1,
    })),
    settings: { electionTimeoutMillis: electionTimeoutMs, heartbeatIntervalMillis: heartbeatMs },
  };
}

/** A member that is not the first belongs to no set before that one has initiated it. */
export async function askWhetherItAnswers(uri: string): Promise<void> {
  await using client = await openMongo(uri);
  await client.db('admin').command({ ping: 1 });
}

/** Initiates the set unless that was done; rejects until the server at `uri` takes writes. */
export async function askForPrimary(uri: string, members: number): Promise<void> {
  await using client = await openMongo(uri);
  const admin = client.db('admin');
  const { setName, isWritablePrimary } = await admin.command({ hello: 1 });
  if (setName === undefined) await admin.command({ replSetInitiate: replicaSetConfig(members) });
  if (isWritablePrimary !== true) throw new Error('it is not primary yet');
}
