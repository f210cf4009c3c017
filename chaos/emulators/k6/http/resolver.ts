/** Addresses of host names, kept and chosen as the option `dns` says. */
import { lookup } from 'node:dns/promises';
import type { Clock } from '../clock.ts';
import type { Random } from '../../../random.ts';
import type { DnsOptions } from '../options/network-options.ts';

type DnsChoice = { readonly [Name in keyof DnsOptions]-?: NonNullable<DnsOptions[Name]> };

interface KeptAddresses {
  readonly addresses: readonly string[];
  readonly untilMs: number;
  next: number;
}

export class Resolver {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: DnsChoice;
  readonly #kept = new Map<string, KeptAddresses>();
  readonly #underWay = new Map<string, Promise<KeptAddresses>>();

  constructor(clock: Clock, random: Random, options: DnsOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#options = {
      policy: options.policy ?? 'preferIPv4',
      select: options.select ?? 'random',
      ttlMs: options.ttlMs ?? 300_000,
    };
  }

  /** Rejects as `dns.lookup` does. */
  async resolve(host: string): Promise<string> {
    const kept = this.#kept.get(host);
    const usable =
      kept !== undefined && kept.untilMs > this.#clock.monotonicMs() ? kept : await this.#look(host);
    return this.#choose(usable);
  }

  #look(host: string): Promise<KeptAddresses> {
    let looking = this.#underWay.get(host);
    if (looking === undefined) {
      looking = this.#lookUp(host).finally(() => this.#underWay.delete(host));
      this.#underWay.set(host, looking);
    }
    return looking;
  }

  async #lookUp(host: string): Promise<KeptAddresses> {
    const found = await lookup(host, { all: true });
    const four = found.filter(({ family }) => family === 4).map(({ address }) => address);
    const six = found.filter(({ family }) => family === 6).map(({ address }) => address);
    const addresses = byPolicy(this.#options.policy, four, six);
    if (addresses.length === 0) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    const kept: KeptAddresses = {
      addresses,
      next: 0,
      untilMs: this.#clock.monotonicMs() + this.#options.ttlMs,
    };
    this.#kept.set(host, kept);
    return kept;
  }

  #choose(kept: KeptAddresses): string {
    const { addresses } = kept;
    const [first = ''] = addresses;
    switch (this.#options.select) {
      case 'first':
        return first;
      case 'random':
        return addresses.length === 1 ? first : this.#random.pick(addresses);
      case 'roundRobin': {
        const chosen = addresses[kept.next % addresses.length];
        kept.next += 1;
        return chosen ?? first;
      }
    }
  }
}

function byPolicy(
  policy: DnsChoice['policy'],
  four: readonly string[],
  six: readonly string[],
): readonly string[] {
  switch (policy) {
    case 'any':
      return [...four, ...six];
    case 'onlyIPv4':
      return four;
    case 'onlyIPv6':
      return six;
    case 'preferIPv4':
      return four.length > 0 ? four : six;
    case 'preferIPv6':
      return six.length > 0 ? six : four;
  }
}
