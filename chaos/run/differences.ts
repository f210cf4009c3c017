/** Differences between the recorded environment and this one, so that a reproduction elsewhere is recognised as such. Pure. */
import type { Report } from '../../reports/record/report.ts';
import type { Surroundings } from './surroundings.ts';

const parts = ['redis', 'mongo', 'toxiproxy', 'k6'] as const;

/** One line for each difference; empty when there is none. */
export function differencesFrom(recorded: Surroundings, now: Surroundings): string[] {
  const pairs: (readonly [string, string, string])[] = [
    ['commit', recorded.commit, now.commit],
    ['stack', recorded.provider.name, now.provider.name],
    ...parts.map((part) => [part, partText(recorded.provider[part]), partText(now.provider[part])] as const),
    ...Object.keys({ ...recorded.versions, ...now.versions }).map(
      (name) =>
        [`version of ${name}`, recorded.versions[name] ?? 'none', now.versions[name] ?? 'none'] as const,
    ),
    ['platform', recorded.machine.platform, now.machine.platform],
    ['processors', processorsText(recorded), processorsText(now)],
  ];
  const lines = pairs
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => `${what}: recorded with ${before}, now ${after}`);
  // The same commit with changes on top, twice, may still be two different systems.
  const changed = recorded.commit === now.commit && now.commit.endsWith('+changes');
  return changed ? [`commit: ${now.commit}, and the changes on top may be others now`, ...lines] : lines;
}

function partText({ kind, program, version }: Report['provider']['redis']): string {
  return `${kind} ${program} ${version}`;
}

function processorsText({ machine }: Surroundings): string {
  return `${machine.cpus} × ${machine.cpuModel}`;
}
