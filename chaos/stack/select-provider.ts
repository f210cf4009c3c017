/** `--stack`: takes the first provider that works here and can do what is asked of it, and says why the others are not used. */
import { type Clock, systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import type { KeyMatcher } from '../observe/key-patterns.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Capability, StackProvider } from './contract.ts';
import { dockerProvider, parseMongoMembers } from './docker/docker-provider.ts';
import { type GivenAddresses, parseExternalAddresses } from './external/addresses.ts';
import { externalProvider } from './external/external-provider.ts';
import { withAddressesOf } from './external/from-environment.ts';
import { localProvider } from './local-provider.ts';
import { mostAble } from './most-able.ts';
import type { Environment, LocalPrograms } from './programs.ts';

const stackNames = ['auto', 'docker', 'external', 'local'] as const;

export interface SelectOptions {
  /** As the user wrote it. */
  readonly stack: string;
  readonly external: GivenAddresses;
  /** As the user wrote it; of the docker stack. */
  readonly mongoMembers?: string | undefined;
  /** Programs of the local stack, as the user wrote them; before those that the environment names. */
  readonly programs?: LocalPrograms;
  /** For each cell to run, what its faults need. With a choice, the stack that can run most of them is used. */
  readonly needs?: readonly (readonly Capability[])[];
  /** Keys of Redis that belong to the target. */
  readonly ownsKey: KeyMatcher;
  readonly reaper: Reaper;
  readonly clock?: Clock;
  readonly environment?: Environment;
  /** Takes a line on each provider that was passed over, and on the one taken. */
  readonly note?: (line: string) => void;
}

/** Throws `UsageError` for a wrong flag, `MissingPartError` when no provider works. Starts nothing. */
export async function selectProvider(options: SelectOptions): Promise<StackProvider> {
  return await mostAble(candidates(options), options.needs ?? [], options.note ?? (() => undefined));
}

/** In order of preference. */
function candidates(options: SelectOptions): StackProvider[] {
  const { stack, external, ownsKey, programs, reaper } = options;
  const { clock = systemClock, environment = process.env } = options;
  const given = Object.values(external).some((value) => value !== undefined);
  const local = () =>
    localProvider({ reaper, clock, environment, ...(programs === undefined ? {} : { programs }) });
  const namesPrograms = Object.values(programs ?? {}).some((program) => program !== undefined);
  const docker = (pull: boolean) =>
    dockerProvider({ clock, environment, mongoMembers: parseMongoMembers(options.mongoMembers), pull });
  const outside = () =>
    externalProvider({
      addresses: parseExternalAddresses(withAddressesOf(environment, external)),
      ownsKey,
      clock,
    });
  refuseStrayFlags(options, given, namesPrograms);
  switch (stack) {
    case 'docker':
      return [docker(true)];
    case 'local':
      return [local()];
    case 'external':
      return [outside()];
    case 'auto':
      // Given addresses must be used: another stack would test something else. Images are fetched only
      // when the docker stack is named.
      if (given) return [outside()];
      return namesPrograms ? [local()] : [docker(false), local()];
    default:
      throw new UsageError(`--stack "${stack}" does not exist`, `use one of ${stackNames.join(', ')}`);
  }
}

function refuseStrayFlags(
  { stack, mongoMembers }: SelectOptions,
  given: boolean,
  namesPrograms: boolean,
): void {
  if (namesPrograms && (stack === 'docker' || stack === 'external' || given)) {
    throw new UsageError(
      '--redis, --mongo and --toxiproxy name programs of the local stack',
      'omit them, or use --stack local; images of containers are set by REDCLIFF_REDIS_IMAGE and similar variables',
    );
  }
  if (given && (stack === 'docker' || stack === 'local')) {
    throw new UsageError(
      `--stack ${stack} takes no addresses`,
      'omit the options of an external stack, or use --stack external',
    );
  }
  if (mongoMembers !== undefined && stack !== 'docker') {
    throw new UsageError('--mongo-members is for --stack docker', 'omit it, or use --stack docker');
  }
}
