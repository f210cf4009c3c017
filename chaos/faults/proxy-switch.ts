/** Switching a Toxiproxy proxy off and on, without changing where it listens and leads. */
import type { Toxiproxy } from 'toxiproxy-node-client';

export async function switchProxy(toxiproxy: Toxiproxy, name: string, enabled: boolean): Promise<void> {
  const proxy = await toxiproxy.get(name);
  await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
}
