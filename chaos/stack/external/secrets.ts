/** Addresses without what must not be seen in a message, a log or a report. */

/** Options of MongoDB addresses, and of ioredis, that are secrets or may hold one. */
const secretOptions =
  /([?&](?:authMechanismProperties|password|passphrase|proxyPassword|tlsCertificateKeyFilePassword)=)[^&#\s]*/gi;
/** Up to the last @ before the path, because a password that was not encoded may hold one. */
const credentials = /(:\/\/[^:@/\s]*):[^\s]*@(?=[^@\s]*$)/;

/** The address with `***` for every secret; also for a text that is not a valid address. */
export function withoutSecrets(text: string): string {
  return text.replace(credentials, '$1:***@').replace(secretOptions, '$1***');
}

/** A message of a client with everything secret of `address` taken out, encoded or not. */
export function scrubbed(message: string, address: string): string {
  let result = message;
  for (const secret of secretsIn(address)) result = result.replaceAll(secret, '***');
  return result;
}

function secretsIn(address: string): string[] {
  const password = /:\/\/[^:@/\s]*:([^\s]*)@(?=[^@\s]*$)/.exec(address)?.[1] ?? '';
  const options = [...address.matchAll(secretOptions)].map(([all]) => all.slice(all.indexOf('=') + 1));
  const found = [password, ...options].flatMap((secret) => [secret, decoded(secret)]);
  // The longest first, so that none is left over as part of another.
  return [...new Set(found)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
