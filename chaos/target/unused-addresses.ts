/** Tells a target that goes past the proxies: faults would then break nothing, and everything would seem to hold. */
import { HarnessError } from '../errors.ts';
import { attachedInstance, type ProxyUse } from './dependencies.ts';

export interface GivenAddress {
  readonly instance: string;
  readonly store: string;
  /** Names of the environment variables that hold the address. */
  readonly variables: readonly string[];
  readonly address: string;
  readonly used: boolean;
}

/** Every address that a process was given in its environment. */
export function givenAddresses(
  uses: readonly ProxyUse[],
  environments: ReadonlyMap<string, Readonly<Record<string, string>>>,
): readonly GivenAddress[] {
  return uses.flatMap(({ instance, store, address, connections }) => {
    const port = new RegExp(`(?<!\\d)${address.slice(address.lastIndexOf(':') + 1)}(?!\\d)`);
    const variables = Object.entries(environments.get(instance) ?? {})
      .filter(([, value]) => port.test(value))
      .map(([name]) => name);
    return variables.length === 0 ? [] : [{ instance, store, variables, address, used: connections > 0 }];
  });
}

/** Throws HarnessError when a store was given to the target and no process of it has ever connected there. */
export function refuseBypass(given: readonly GivenAddress[]): void {
  for (const [store, ofStore] of Map.groupBy(given, (address) => address.store)) {
    if (ofStore.some(({ used }) => used)) continue;
    const variables = [...new Set(ofStore.flatMap((address) => address.variables))].join(', ');
    const [first] = ofStore;
    if (first?.instance === attachedInstance)
      throw new HarnessError(
        `nothing connected to ${store} at ${first.address} (${variables}), so that no fault of ${store} would reach the attached target`,
        `configure the service with ${store} at ${first.address}, or leave ${variables} out when it does not use ${store}`,
      );
    throw new HarnessError(
      `no process of the target connected to ${store} at the address that it was given in ${variables}, so that no fault of ${store} would reach it`,
      `make the service read ${variables}, or leave the variable out of env when it does not use ${store}`,
    );
  }
}
