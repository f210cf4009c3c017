/**
 * In the place of mongod in a stand-in image: the embedded MongoDB behind those options of the original that the docker stack and
 * docker-compose.yml give. Where its network knows it by the name of a member, it plays one of a replica set of three: members tell each
 * other by heartbeats who they are, one that hears no majority steps down, and the first takes the role back. They share no data.
 */
import { Resolver } from 'node:dns/promises';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { stepDown } from '../../../emulators/mongodb/replication/step-down.ts';
import { type MongoServer, startMongoServer } from '../../../emulators/mongodb/server.ts';
import { peerName } from '../replica-set.ts';
import { decide, type Heard, type Heartbeat } from './member-role.ts';

const members = 3;
const heartbeatPort = 27_018;
const heartbeatMs = 200;
const askDeadlineMs = 500;
const aDaySeconds = 86_400;
const heartbeatSchema = z.object({ index: z.int(), isPrimary: z.boolean(), mayLead: z.boolean() });

const { values } = parseArgs({
  options: {
    bind_ip_all: { type: 'boolean' },
    port: { type: 'string', default: '27017' },
    replSet: { type: 'string', default: 'rs0' },
    setParameter: { type: 'string', multiple: true, default: [] },
  },
});
const server = await startMongoServer({
  host: '0.0.0.0',
  port: Number(values.port),
  folder: '/data/db',
  clock,
  random: seededRandom(`${process.pid}/${clock.nowMs()}`),
  replicaSet: values.replSet,
});
for (const setting of values.setParameter) setParameter(setting);
const index = await ownIndex();
if (index >= 0) await playMember(server, index);
const end = (): void => void server[Symbol.asyncDispose]().then(() => process.exit(0));
process.on('SIGTERM', end).on('SIGINT', end);
console.log(`ready on port ${server.port}, ${index >= 0 ? `as member ${index + 1} of ${members}` : 'alone'}`);

function setParameter(setting: string): void {
  const [name = '', value] = setting.split('=');
  if (!server.state.parameters.has(name)) throw new Error(`this stand-in has no parameter ${name}`);
  server.state.parameters.set(name, Number(value));
}

/** Which member its network knows it as; -1 where it knows no members. */
async function ownIndex(): Promise<number> {
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  const named = await Promise.all(Array.from({ length: members }, (_, at) => addressOf(peerName(at))));
  return named.findIndex((address) => address !== undefined && own.includes(address));
}

async function addressOf(name: string): Promise<string | undefined> {
  const resolver = new Resolver({ timeout: askDeadlineMs, tries: 1 });
  return await resolver.resolve4(name).then(
    ([address]) => address,
    () => undefined,
  );
}

async function playMember({ state }: MongoServer, self: number): Promise<void> {
  const { member } = state;
  const heard = new Map<number, Heard>();
  let heldDown = false;
  let preferredSinceMs: number | null = null;
  const told = (): Heartbeat => ({
    index: self,
    isPrimary: member.isPrimary,
    // A member that the decision below holds down may become primary; one that was told to step down may not.
    mayLead: heldDown || member.freezeMs === 0,
  });
  const hold = (): void => {
    heldDown = true;
    stepDown(state, aDaySeconds);
  };
  hold();
  const answering = createServer((socket) => socket.on('error', () => undefined).end(JSON.stringify(told())));
  answering.listen(heartbeatPort, '0.0.0.0');
  const others = Array.from({ length: members }, (_, at) => at).filter((at) => at !== self);
  for (const other of others) void listenTo(other, heard);
  void (async () => {
    for (;;) {
      const nowMs = clock.monotonicMs();
      const now = told();
      const next = decide({ self: now, heard: [...heard.values()], members, nowMs, preferredSinceMs });
      preferredSinceMs = next.isPreferred ? (preferredSinceMs ?? nowMs) : null;
      if (next.isPrimary && !now.isPrimary) {
        heldDown = false;
        member.elect();
      } else if (!next.isPrimary && now.isPrimary) hold();
      await clock.sleep(heartbeatMs / 2);
    }
  })();
}

async function listenTo(other: number, heard: Map<number, Heard>): Promise<never> {
  for (;;) {
    const address = await addressOf(peerName(other));
    const heartbeat = address === undefined ? undefined : await ask(address).catch(() => undefined);
    if (heartbeat !== undefined) heard.set(other, { ...heartbeat, atMs: clock.monotonicMs() });
    await clock.sleep(heartbeatMs);
  }
}

function ask(host: string): Promise<Heartbeat> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host, port: heartbeatPort, timeout: askDeadlineMs });
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('timeout', () => socket.destroy(new Error('silence')));
    socket.on('error', reject);
    socket.on('end', () => {
      socket.destroy();
      try {
        resolve(heartbeatSchema.parse(JSON.parse(text)));
      } catch (error) {
        reject(error);
      }
    });
  });
}
