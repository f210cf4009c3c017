/** Tags that a script gives to samples: texts, numbers and booleans, by any name. */
import type { Tags } from './host.ts';
import { GoError } from './kernel.ts';

/** `what` names the kind of tag in the error for a value of another type. */
export function tagText(name: string, value: unknown, what: string): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return String(value);
  throw new GoError(
    `invalid value for metric ${what} '${name}': only String, Boolean and Number types are accepted as a metric ${what} value${what === 'tag' ? 's' : ''}`,
  );
}

/** `tags` itself when there is nothing to add. */
export function withTags(tags: Tags, extra: unknown): Tags {
  if (extra === undefined || extra === null) return tags;
  const added = Object.entries(Object(extra)).map(
    ([name, value]) => [name, tagText(name, value, 'tag')] as const,
  );
  return added.length === 0 ? tags : withTagTexts(tags, added);
}

/** Without a prototype `__proto__` is a name like any other. */
export function withTagTexts(tags: Tags, added: readonly (readonly [string, string])[]): Tags {
  const merged: Record<string, string> = Object.assign(Object.create(null), tags);
  for (const [name, value] of added) merged[name] = value;
  return merged;
}
