/** Draws commands from the templates of all families. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { expand, parseTemplate, type Part } from './template.ts';
import { blockingTemplates } from './templates/blocking.ts';
import { hashTemplates } from './templates/hashes.ts';
import { keyTemplates } from './templates/keys.ts';
import { listTemplates } from './templates/lists.ts';
import { serverTemplates } from './templates/server.ts';
import { setTemplates } from './templates/sets.ts';
import { sortedSetTemplates } from './templates/sorted-sets.ts';
import { streamTemplates } from './templates/streams.ts';
import { stringTemplates } from './templates/strings.ts';
import { subscriptionTemplates } from './templates/subscriptions.ts';
import { oddWords, vocabulary } from './vocabulary.ts';

const families = [
  stringTemplates,
  listTemplates,
  hashTemplates,
  setTemplates,
  sortedSetTemplates,
  streamTemplates,
  keyTemplates,
].map(parseAll);
const server = parseAll(serverTemplates);
const blocking = parseAll(blockingTemplates);
const subscriptions = parseAll(subscriptionTemplates);

function parseAll(text: string): readonly (readonly Part[])[] {
  return text.trim().split('\n').map(parseTemplate);
}

/** A command on data; now and then with words that do not belong there. */
export function dataCommand(random: Random): Bytes[] {
  return spoiled(draw(random.pick(families), random), random);
}

export function serverCommand(random: Random): Bytes[] {
  return draw(server, random);
}

export function blockingCommand(random: Random): Bytes[] {
  return draw(blocking, random);
}

export function subscription(random: Random): Bytes[] {
  return draw(subscriptions, random);
}

function draw(templates: readonly (readonly Part[])[], random: Random): Bytes[] {
  return expand(random.pick(templates), vocabulary, random);
}

function spoiled(words: Bytes[], random: Random): Bytes[] {
  if (random.next() > 0.05 || words[1]?.startsWith('y')) return words;
  const at = random.integer(1, words.length);
  switch (random.integer(0, 2)) {
    case 0:
      return words.toSpliced(at, 1);
    case 1:
      return words.toSpliced(at, 0, random.pick(oddWords));
    default:
      return words.toSpliced(at, 1, random.pick(oddWords));
  }
}
