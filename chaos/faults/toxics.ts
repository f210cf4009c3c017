/** Toxics of a fault on one proxy: all of them or none, and taken off together. */
import type { ICreateToxicBody, Toxiproxy } from 'toxiproxy-node-client';
import { onlyOnce } from './fault.ts';

export type ToxicSettings = Omit<ICreateToxicBody<unknown>, 'name' | 'toxicity'>;

/** Resolves to what takes them off again. Names are made from the fault's, so that another fault's toxics may stand beside them. */
export async function addToxics(
  toxiproxy: Toxiproxy,
  proxyName: string,
  fault: string,
  toxics: readonly ToxicSettings[],
): Promise<() => Promise<void>> {
  const proxy = await toxiproxy.get(proxyName);
  const added: { remove(): Promise<void> }[] = [];
  const remove = onlyOnce(async () => {
    for (let toxic = added.at(-1); toxic !== undefined; toxic = added.at(-1)) {
      await toxic.remove();
      added.pop();
    }
  });
  try {
    for (const settings of toxics) {
      const name = `redcliff-${fault}-${settings.stream}`;
      added.push(await proxy.addToxic({ ...settings, name, toxicity: 1 }));
    }
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}
