/** `--stack`: takes the first provider that works here, and says why the others do not. */
import { type Clock, systemClock } from '../clock.ts';
import { MissingPartError, UsageError } from '../errors.ts';
import type { Warden } from '../process/warden.ts';
import type { StackProvider } from './contract.ts';
import { type GivenAddresses, parseExternalAddresses } from './external/addresses.ts';
import { externalProvider } from './external/external-provider.ts';
import { withAddressesOf } from './external/from-environment.ts';
import { localProvider } from './local-provider.ts';
import type { Environment } from './programs.ts';

const stackNames = ['auto', 'local', 'external'] as const;

export interface SelectOptions {
  /** As the user wrote it. */
  readonly stack: string;
  readonly external: GivenAddresses;
  readonly warden: Warden;
  readonly clock?: Clock;
  readonly environment?: Environment;
  /** Takes a line on each provider that was passed over, and on the one taken. */
  readonly note?: (line: string) => void;
}

/** Throws `UsageError` for a wrong flag, `MissingPartError` when no provider works. Starts nothing. */
export async function selectProvider(options: SelectOptions): Promise<StackProvider> {
  const note = options.note ?? (() => undefined);
  const failures: { reason: string; remedy: string }[] = [];
  for (const provider of candidates(options)) {
    const availability = await provider.probe();
    if (availability.available) {
      note(`Stack: ${provider.name}`);
      return provider;
    }
    note(`Stack ${provider.name} cannot be used: ${availability.reason}`);
    failures.push(availability);
  }
  throw new MissingPartError(
    `no stack can be used here: ${failures.map(({ reason }) => reason).join('; ')}`,
    failures.map(({ remedy }) => remedy).join('; '),
  );
}

/** In order of preference. A provider of containers belongs between the two, once there is one. */
function candidates(options: SelectOptions): StackProvider[] {
  const { stack, external, warden, clock = systemClock, environment = process.env } = options;
  const given = Object.values(external).some((uri) => uri !== undefined);
  const local = () => localProvider({ warden, clock, environment });
  const outside = () =>
    externalProvider({ addresses: parseExternalAddresses(withAddressesOf(environment, external)), clock });
  switch (stack) {
    case 'local':
      if (given)
        throw new UsageError(
          '--stack local takes no URIs',
          'leave the flags of an external stack out, or use --stack external',
        );
      return [local()];
    case 'external':
      return [outside()];
    case 'auto':
      // Whoever names a stack means it: falling back to another one would judge something else than was asked for.
      return given ? [outside()] : [local()];
    default:
      throw new UsageError(`--stack "${stack}" is not known`, `use one of ${stackNames.join(', ')}`);
  }
}
