/** Chooses a provider: the first that works here and can run everything, or else most of it. */
import { MissingPartError } from '../errors.ts';
import type { Capability, StackProvider } from './contract.ts';

/**
 * `candidates` in order of preference; `needs` of each cell to run; `note` takes a line on each provider that was not used, and
 * on the one taken. Throws `MissingPartError` when none works.
 */
export async function mostAble(
  candidates: readonly StackProvider[],
  needs: readonly (readonly Capability[])[],
  note: (line: string) => void,
): Promise<StackProvider> {
  const failures: { reason: string; remedy: string }[] = [];
  const usable: { readonly provider: StackProvider; readonly lost: readonly Capability[][] }[] = [];
  for (const provider of candidates) {
    const availability = await provider.probe();
    if (availability.available) {
      usable.push({ provider, lost: lostOn(provider, needs) });
      if (usable.at(-1)?.lost.length === 0) break;
    } else {
      note(`Stack ${provider.name} cannot be used: ${availability.reason}`);
      failures.push(availability);
    }
  }
  const least = Math.min(...usable.map(({ lost }) => lost.length));
  const taken = usable.find(({ lost }) => lost.length === least);
  if (taken === undefined) {
    throw new MissingPartError(
      `no stack can be used here: ${failures.map(({ reason }) => reason).join('; ')}`,
      failures.map(({ remedy }) => remedy).join('; '),
    );
  }
  for (const { provider, lost } of usable) {
    if (lost.length > least)
      note(`Stack ${provider.name} is not used: ${describeLoss(lost, needs.length, provider.name)}`);
  }
  note(`Stack: ${taken.provider.name}`);
  return taken.provider;
}

/** What is lacking, for each of the cells that could not be run. */
function lostOn({ offers }: StackProvider, needs: readonly (readonly Capability[])[]): Capability[][] {
  return needs
    .map((cell) => cell.filter((need) => !offers.has(need)))
    .filter((lacking) => lacking.length > 0);
}

function describeLoss(lost: readonly (readonly Capability[])[], cells: number, name: string): string {
  const missing = [...new Set(lost.flat())].join(', ');
  const verb = lost.length === 1 ? 'needs' : 'need';
  return `${lost.length} of ${cells} cells ${verb} ${missing} (use --stack ${name} to choose it anyway)`;
}
