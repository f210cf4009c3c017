/** What a target needs so that it can be simulated, checked before anything starts. */
import { UsageError } from '../errors.ts';
import { ownCapabilities } from '../stack/own-stack.ts';
import type { Capability, Stack } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';

/** What the emulators of a simulated stack can do. */
export const simulatedStack: Pick<Stack, 'capabilities' | 'provider'> = {
  provider: 'local',
  capabilities: new Set<Capability>([...ownCapabilities, 'mongo-step-down', 'toxiproxy-extensions']),
};

/** Throws UsageError, which names the process or dependency that cannot be simulated. */
export function refuseUnsimulatable({ name, processes, needs = {} }: LoadedTarget): void {
  const refuse = (field: string, why: string): never => {
    throw new UsageError(
      `target "${name}", ${field}: ${why}`,
      'only Node.js programs run in a simulation; run it with redcliff run',
    );
  };
  for (const [role, { command }] of Object.entries(processes)) {
    const [program] = command;
    if (program !== 'node') refuse(`processes.${role}.command`, `"${program}" is no Node.js program`);
    if (command[1] === undefined || command[1].startsWith('-'))
      refuse(`processes.${role}.command`, 'options of Node.js cannot be simulated');
  }
  for (const [dependency, need] of Object.entries(needs)) {
    if ('tcp' in need)
      refuse(`needs.${dependency}.tcp`, 'a server that runs already is outside of the simulation');
    if ('redis' in need) refuse(`needs.${dependency}.redis`, 'a second Redis is not simulated yet');
    if ('command' in need && need.command[0] !== 'node')
      refuse(`needs.${dependency}.command`, `"${need.command[0]}" is no Node.js program`);
  }
}
