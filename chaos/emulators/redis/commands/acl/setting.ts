/** ACL SETUSER and DELUSER, and what they mean for connections that are there. */
import type { Selector } from '../../acl/selector.ts';
import { applyRule } from '../../acl/rules.ts';
import { User } from '../../acl/users.ts';
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import type { Client } from '../../clients/client.ts';
import { plainError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

/** Selectors may stand in several words, which their parentheses hold together. */
function mergeSelectors(words: readonly Bytes[]): Bytes[] {
  const rules: Bytes[] = [];
  let selector: Bytes | undefined;
  let opening = '';
  for (const word of words) {
    if (word.startsWith('(') && !word.endsWith(')')) {
      selector = word;
      opening = word;
    } else if (selector !== undefined) {
      selector += ` ${word}`;
      if (!word.endsWith(')')) continue;
      rules.push(selector);
      selector = undefined;
    } else rules.push(word);
  }
  if (selector !== undefined) {
    throw plainError(`Unmatched parenthesis in acl selector starting at '${untilNul(opening)}'.`);
  }
  return rules;
}

function setuser(context: Context): Reply {
  const { commands, hidden, server, words } = context;
  words.forEach((_, index) => index >= 2 && hidden.add(index));
  const name = context.word(2);
  // oxlint-disable-next-line no-control-regex
  if (/[\s\x00]/.test(name)) throw plainError("Usernames can't contain spaces or null characters");
  const newUsersHaveAllChannels = server.configuration.text('acl-pubsub-default') === 'allchannels';
  const known = server.users.get(name);
  // All rules are tried on a copy, so that a wrong one leaves the user as it was.
  const changed = known?.copy() ?? newUser(name, newUsersHaveAllChannels);
  for (const rule of mergeSelectors(words.slice(3))) {
    const refusal = applyRule(changed, rule, { commands, newUsersHaveAllChannels });
    if (refusal !== undefined)
      throw plainError(`Error in ACL SETUSER modifier '${untilNul(rule)}': ${refusal}`);
  }
  if (known === undefined) {
    server.users.set(changed);
  } else {
    endSubscriptions(context, known, changed);
    known.assign(changed);
  }
  return ok;
}

function newUser(name: Bytes, hasAllChannels: boolean): User {
  const user = new User(name);
  user.root.allChannels = hasAllChannels;
  return user;
}

/** Ends connections with subscriptions that the user has lost the right to. */
function endSubscriptions({ client: self, server }: Context, before: User, after: User): void {
  const selectors = [after.root, ...after.selectors];
  if (selectors.some(({ allChannels }) => allChannels)) return;
  const allowed = new Set(selectors.flatMap(({ channels }) => channels));
  const isSuperset = [before.root, ...before.selectors].every(
    ({ allChannels, channels }) => !allChannels && channels.every((channel) => allowed.has(channel)),
  );
  if (isSuperset) return;
  for (const client of server.clients.all()) {
    if (client.user !== before.name || !client.isSubscriber) continue;
    if (!mayKeepSubscriptions(client, selectors)) client.close(client === self);
  }
}

function mayKeepSubscriptions(client: Client, selectors: readonly Selector[]): boolean {
  const isAllowed = (name: Bytes, isPattern: boolean) =>
    selectors.some((selector) => selector.allowsChannel(name, isPattern));
  return (
    [...client.patterns].every((pattern) => isAllowed(pattern, true)) &&
    [...client.channels, ...client.shardChannels].every((channel) => isAllowed(channel, false))
  );
}

function deluser({ client: self, server, words }: Context): Reply {
  const names = words.slice(2);
  if (names.includes('default')) throw plainError("The 'default' user cannot be removed");
  let deleted = 0;
  for (const name of names) {
    if (!server.users.delete(name)) continue;
    deleted += 1;
    for (const client of server.clients.all()) {
      if (client.user !== name) continue;
      client.user = 'default';
      client.isAuthenticated = false;
      client.close(client === self);
    }
  }
  return deleted;
}

export const setting: Runs = { 'acl|setuser': setuser, 'acl|deluser': deluser };
