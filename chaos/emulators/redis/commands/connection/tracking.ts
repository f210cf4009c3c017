/** CLIENT TRACKING: which invalidations a client with a cache of its own wants. */
import { compareBytes, type Bytes } from '../../bytes/byte-string.ts';
import type { Tracking } from '../../clients/client.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { map, ok, set, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

interface Options {
  redirect: number;
  prefixes: Bytes[];
  isBroadcast: boolean;
  isOptIn: boolean;
  isOptOut: boolean;
  skipsOwn: boolean;
}

function readOptions(context: Context): Options {
  const options: Options = {
    redirect: 0,
    prefixes: [],
    isBroadcast: false,
    isOptIn: false,
    isOptOut: false,
    skipsOwn: false,
  };
  for (let at = 3; at < context.words.length; at += 1) {
    const hasValue = at + 1 < context.words.length;
    const name = context.option(at);
    if (name === 'bcast') options.isBroadcast = true;
    else if (name === 'optin') options.isOptIn = true;
    else if (name === 'optout') options.isOptOut = true;
    else if (name === 'noloop') options.skipsOwn = true;
    else if (name === 'prefix' && hasValue) {
      at += 1;
      options.prefixes.push(context.word(at));
    } else if (name === 'redirect' && hasValue) {
      at += 1;
      if (options.redirect !== 0) throw plainError('A client can only redirect to a single other client');
      options.redirect = context.integer(at);
      if (context.server.clients.get(options.redirect) === undefined) {
        throw plainError('The client ID you want redirect to does not exist');
      }
    } else throw syntaxError();
  }
  return options;
}

const beforeSwitching =
  'before disabling tracking for this client, and then re-enabling it with a different mode.';

function checkCompatible({ client }: Context, options: Options): void {
  const { isBroadcast, isOptIn, isOptOut, prefixes } = options;
  const { tracking } = client;
  if (!isBroadcast && prefixes.length > 0)
    throw plainError('PREFIX option requires BCAST mode to be enabled');
  if (tracking !== undefined && tracking.isBroadcast !== isBroadcast) {
    throw plainError(`You can't switch BCAST mode on/off ${beforeSwitching}`);
  }
  if (isBroadcast && (isOptIn || isOptOut)) {
    throw plainError('OPTIN and OPTOUT are not compatible with BCAST');
  }
  if (isOptIn && isOptOut) throw plainError("You can't specify both OPTIN mode and OPTOUT mode");
  if ((isOptIn && tracking?.mode === 'opt out') || (isOptOut && tracking?.mode === 'opt in')) {
    throw plainError(`You can't switch OPTIN/OPTOUT mode ${beforeSwitching}`);
  }
  if (isBroadcast) checkPrefixes(prefixes, tracking?.prefixes ?? []);
}

function checkPrefixes(prefixes: readonly Bytes[], known: readonly Bytes[]): void {
  const rule = 'Prefixes for a single client must not overlap.';
  prefixes.forEach((prefix, index) => {
    const existing = known.find((other) => overlaps(prefix, other));
    if (existing !== undefined) {
      throw plainError(`Prefix '${prefix}' overlaps with an existing prefix '${existing}'. ${rule}`);
    }
    const provided = prefixes.slice(index + 1).find((other) => overlaps(prefix, other));
    if (provided !== undefined) {
      throw plainError(`Prefix '${prefix}' overlaps with another provided prefix '${provided}'. ${rule}`);
    }
  });
}

function overlaps(left: Bytes, right: Bytes): boolean {
  return left.startsWith(right) || right.startsWith(left);
}

function tracking(context: Context): Reply {
  const { client, server } = context;
  const options = readOptions(context);
  const wanted = context.option(2);
  if (wanted === 'off') {
    server.tracking.disable(client);
    return ok;
  }
  if (wanted !== 'on') throw syntaxError();
  checkCompatible(context, options);
  const { isBroadcast, prefixes, redirect, skipsOwn } = options;
  server.tracking.enable(client, {
    redirect: redirect === 0 ? undefined : redirect,
    isBroadcast,
    prefixes: isBroadcast && prefixes.length === 0 ? [''] : prefixes,
    mode: options.isOptIn ? 'opt in' : options.isOptOut ? 'opt out' : 'all',
    skipsOwn,
    caching: undefined,
    isRedirectBroken: false,
  });
  return ok;
}

function caching(context: Context): Reply {
  const { tracking: own } = context.client;
  if (own === undefined) {
    throw plainError(
      'CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
    );
  }
  const wanted = context.option(2);
  if (wanted !== 'yes' && wanted !== 'no') throw syntaxError();
  if (wanted === 'yes' && own.mode !== 'opt in') {
    throw plainError('CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.');
  }
  if (wanted === 'no' && own.mode !== 'opt out') {
    throw plainError('CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.');
  }
  own.caching = wanted;
  return ok;
}

function redirection(own: Tracking | undefined): number {
  return own === undefined ? -1 : (own.redirect ?? 0);
}

function information({ client }: Context): Reply {
  const { tracking: own } = client;
  const flags = [own === undefined ? 'off' : 'on'];
  if (own?.isBroadcast === true) flags.push('bcast');
  if (own?.mode === 'opt in') flags.push('optin', ...(own.caching === 'yes' ? ['caching-yes'] : []));
  if (own?.mode === 'opt out') flags.push('optout', ...(own.caching === 'no' ? ['caching-no'] : []));
  if (own?.skipsOwn === true) flags.push('noloop');
  if (own?.isRedirectBroken === true) flags.push('broken_redirect');
  return map([
    ['flags', set(flags)],
    ['redirect', redirection(own)],
    ['prefixes', [...(own?.prefixes ?? [])].sort(compareBytes)],
  ]);
}

export const clientTracking: Runs = {
  'client|caching': caching,
  'client|getredir': ({ client }) => redirection(client.tracking),
  'client|tracking': tracking,
  'client|trackinginfo': information,
};
