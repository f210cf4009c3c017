/** Starts the target once, undisturbed: how long it takes to get ready, and which process reached which store at which address. */
import { openObserver } from '../observe/observer.ts';
import type { CampaignHost } from '../run/campaign.ts';
import { databaseOf } from '../target/attached.ts';
import { attachedInstance } from '../target/dependencies.ts';
import { describeContact } from '../target/network/confinement.ts';
import { startTarget } from '../target/start.ts';
import type { GivenAddress } from '../target/unused-addresses.ts';
import { type Finding, ok, optional } from './finding.ts';

const databaseOfDoctor = 'redcliff_doctor';
/** For connections that are made once the process is ready. */
const settleMs = 1_000;

/** `folders.logs` takes the logs of the target. Throws what a start throws: HarnessError, UsageError, ProcessNotReady, ProgramMissing. */
export async function tryTarget(
  host: CampaignHost,
  folders: { readonly stack: string; readonly logs: string },
): Promise<readonly Finding[]> {
  const { target, provider, reaper, clock, signal } = host;
  const database = databaseOf(target, databaseOfDoctor);
  await using stack = await provider.start({ folder: folders.stack, seed: 'doctor', signal });
  await using observer = await openObserver(stack.endpoints, database);
  await stack.empty(database);
  const startedMs = clock.monotonicMs();
  const [scenario] = target.scenarios;
  await using running = await startTarget(
    target,
    { processes: scenario?.processes ?? {}, settings: scenario?.settings ?? {}, database },
    { stack, observer, reaper, clock, signal, logFolder: folders.logs, nodeOptions: [] },
  );
  const readyMs = Math.round(clock.monotonicMs() - startedMs);
  await running.seed({ name: 'doctor', seed: 'doctor', world: scenario?.world ?? {} });
  await running.health();
  await clock.sleep(settleMs, signal);
  const processes = running.processes.all.map(({ name }) => name).join(', ');
  const exits = running.unexpectedExits();
  return [
    { name: `target ${target.name}`, ...ok(`ready after ${readyMs} ms: ${processes}`) },
    ...exits.map((exit) => ({
      name: `target ${target.name}`,
      ...optional(exit, 'a process that ends by itself counts as an unexpected exit in every run'),
    })),
    ...((await running.addresses()) ?? []).map(describeAddress),
    ...running.contacts().map((contact) => ({
      name: contact.instance,
      ...optional(
        describeContact(contact),
        `name it in needs, so that it can be broken, or allow it: network: ['${contact.place}']`,
      ),
    })),
  ];
}

export function describeAddress({ instance, store, variables, address, used }: GivenAddress): Finding {
  const given = variables.join(', ');
  if (used) return { name: instance, ...ok(`reached ${store} through its proxy ${address} (${given})`) };
  if (instance === attachedInstance)
    return {
      name: instance,
      ...optional(
        `nothing connected to ${store} at ${address} (${given})`,
        `configure the service with ${address}; one that connects with its first request is right`,
      ),
    };
  return {
    name: instance,
    ...optional(
      `was given ${given}, and did not connect to ${store} at ${address}`,
      `see that it reads ${given}; a process that does not use ${store}, or connects with its first request, is right`,
    ),
  };
}
