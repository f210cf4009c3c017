/** Which changes of keys are published, by the letters of `notify-keyspace-events`. */

/** Classes of events, each with its letter. */
const letters = {
  generic: 'g',
  string: '$',
  list: 'l',
  set: 's',
  hash: 'h',
  zset: 'z',
  expired: 'x',
  evicted: 'e',
  stream: 't',
  miss: 'm',
  module: 'd',
  new: 'n',
} as const;

export type EventClass = keyof typeof letters;

/** What `A` stands for. */
const allClasses: readonly EventClass[] = [
  'generic',
  'string',
  'list',
  'set',
  'hash',
  'zset',
  'expired',
  'evicted',
  'stream',
  'module',
];

export interface Notifications {
  readonly classes: ReadonlySet<EventClass>;
  /** In `__keyspace@0__:key`, with the event as the message. */
  readonly byKey: boolean;
  /** In `__keyevent@0__:event`, with the key as the message. */
  readonly byEvent: boolean;
}

/** Undefined for a letter that there is not. */
export function parseNotifications(text: string): Notifications | undefined {
  const classes = new Set<EventClass>();
  let byKey = false;
  let byEvent = false;
  for (const letter of text) {
    if (letter === 'K') byKey = true;
    else if (letter === 'E') byEvent = true;
    else if (letter === 'A') for (const each of allClasses) classes.add(each);
    else {
      const found = classOf(letter);
      if (found === undefined) return undefined;
      classes.add(found);
    }
  }
  return { classes, byKey, byEvent };
}

/** The letters in the order in which CONFIG GET gives them. */
export function formatNotifications({ classes, byKey, byEvent }: Notifications): string {
  const hasAll = allClasses.every((each) => classes.has(each));
  let text = hasAll ? 'A' : '';
  if (!hasAll) for (const each of allClasses) if (classes.has(each)) text += letters[each];
  // Redis leaves `n` out beside `A`.
  if (classes.has('new') && !hasAll) text += letters.new;
  if (byKey) text += 'K';
  if (byEvent) text += 'E';
  if (classes.has('miss')) text += letters.miss;
  return text;
}

function classOf(letter: string): EventClass | undefined {
  return Object.entries(letters).find(([, each]) => each === letter)?.[0] as EventClass | undefined;
}
