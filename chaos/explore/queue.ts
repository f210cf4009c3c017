/**
 * Which injections are still to be tried, and in which order: each fault at every site before the next one, and what is alike to something tried only
 * once. What another injection already showed is skipped, with the reason.
 */
import type { InjectionResult } from '../../reports/exploration/exploration.ts';
import { type CallFaultKind, callFaultKinds } from '../faults/at-call/call-parameters.ts';
import { type Candidate, candidateId, candidatesAt, faultName } from './candidates.ts';
import { shapeKey } from './call.ts';
import { type Site, siteName } from './sites.ts';

/** What is known of an injection that was tried. */
export interface Known {
  readonly result: InjectionResult;
  readonly signature: string;
}

interface Entry {
  readonly candidate: Candidate;
  tries: number;
  /** One like it was violated: it is tried late, so that it does not spoil the others. */
  suspect: boolean;
}

/** A call that was not made in so many loads, and an injection whose verdicts were unclear so often, is given up. */
const triesMax = 3;
/** So many errors of a store that the target treats alike stand for the rest. */
const alikeErrors = 2;
/** Injections that are compared to tell whether two sites are one. */
const probe: CallFaultKind = 'cut-before';

export class InjectionQueue {
  readonly #entries = new Map<string, Entry>();
  readonly #known = new Map<string, Known>();
  readonly #sites = new Map<string, Site>();
  readonly #kinds: ReadonlySet<CallFaultKind>;

  /** `kinds`: the faults that are tried at all. */
  constructor(kinds: ReadonlySet<CallFaultKind>) {
    this.#kinds = kinds;
  }

  addSites(sites: Iterable<Site>): void {
    for (const site of sites) {
      const name = siteName(site);
      if (this.#sites.has(name)) continue;
      this.#sites.set(name, site);
      for (const candidate of candidatesAt(site, this.#kinds)) {
        const id = candidateId(candidate);
        if (!this.#known.has(id)) this.#entries.set(id, { candidate, tries: 0, suspect: false });
      }
    }
  }

  /** Takes it out of the queue. */
  learn(id: string, known: Known): void {
    this.#known.set(id, known);
    this.#entries.delete(id);
  }

  get length(): number {
    return this.#entries.size;
  }

  /** Those to try next; suspects only when nothing else is left. */
  next(): Candidate[] {
    const all = [...this.#entries.values()];
    const clean = all.filter(({ suspect }) => !suspect);
    return (clean.length > 0 ? clean : all)
      .toSorted((one, other) => one.tries - other.tries || rankOf(one) - rankOf(other))
      .map(({ candidate }) => candidate);
  }

  /** Puts it back after a try that decided nothing; false when it was tried often enough. */
  again(candidate: Candidate): boolean {
    const entry = this.#entries.get(candidateId(candidate));
    if (entry === undefined) return false;
    entry.tries += 1;
    return entry.tries < triesMax;
  }

  /** After a violation: the other faults at the site, and the same fault elsewhere in the operation, are likely to show the same. */
  suspectLike(candidate: Candidate): void {
    for (const entry of this.#entries.values()) {
      const { site, siteName: name } = entry.candidate;
      const sameFault = faultName(entry.candidate) === faultName(candidate);
      if (name === candidate.siteName || (sameFault && site.operation === candidate.site.operation))
        entry.suspect = true;
    }
  }

  /** What needs not be tried, with the reason. */
  skippable(): { readonly candidate: Candidate; readonly reason: string }[] {
    return [...this.#entries.values()].flatMap(({ candidate }) => {
      const reason = this.#reasonToSkip(candidate);
      return reason === null ? [] : [{ candidate, reason }];
    });
  }

  /** Those that were not tried. */
  left(): Candidate[] {
    return [...this.#entries.values()].map(({ candidate }) => candidate);
  }

  #reasonToSkip(candidate: Candidate): string | null {
    const { site, happens } = candidate;
    if (happens === 'kill-before' && site.after !== null && this.#kinds.has('kill-after'))
      return `the stores are then as after a kill after ${site.after}`;
    if (happens === 'error') {
      const alike = this.#alikeErrors(candidate);
      if (alike !== null) return alike;
    }
    const twin = happens === probe ? undefined : this.#twinOf(candidate);
    return twin === undefined ? null : `behaves like ${twin}`;
  }

  #alikeErrors({ siteName: name, site }: Candidate): string | null {
    const tried = candidatesAt(site, new Set(['error'])).flatMap((other) => {
      const known = this.#known.get(candidateId(other));
      return known?.result === 'survived' ? [{ error: faultName(other), ...known }] : [];
    });
    for (const alike of Map.groupBy(tried, ({ signature }) => signature).values()) {
      if (alike.length >= alikeErrors)
        return `${name} behaves alike under ${alike.map(({ error }) => error).join(' and ')}`;
    }
    return null;
  }

  /** Another site that makes the same call before the same calls, where the probe and this fault were survived, and the probe showed the same. */
  #twinOf(candidate: Candidate): string | undefined {
    const { site, siteName: name } = candidate;
    const own = this.#known.get(`${name} × ${probe}`);
    if (own?.result !== 'survived') return undefined;
    for (const [otherName, other] of this.#sites) {
      if (otherName === name || shapeKey(other) !== shapeKey(site)) continue;
      const sameLoop = other.operation === site.operation;
      if (!sameLoop && other.follows !== site.follows) continue;
      const there = this.#known.get(`${otherName} × ${probe}`);
      if (there?.result !== 'survived' || there.signature !== own.signature) continue;
      const same = `${otherName} × ${faultName(candidate)}`;
      if (this.#known.get(same)?.result === 'survived') return same;
    }
    return undefined;
  }
}

/** Each fault at all sites before the next fault; the errors of a site one after the other. */
function rankOf({ candidate }: Entry): number {
  const { happens, error, site } = candidate;
  const kind = callFaultKinds.indexOf(happens) * 100;
  if (error === undefined) return kind;
  return kind + candidatesAt(site, new Set(['error'])).findIndex((other) => other.error === error);
}
