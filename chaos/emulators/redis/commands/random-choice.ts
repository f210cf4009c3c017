/** Members drawn from a collection: with repetitions, or so many different ones. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';

interface Collection {
  readonly size: number;
  random(random: Random): Bytes;
}

/** A negative count draws each time from all, so that members may repeat. `all` is asked for only when most are wanted. */
export function drawMembers(
  collection: Collection,
  count: number,
  all: () => readonly Bytes[],
  random: Random,
): Bytes[] {
  if (count < 0) return Array.from({ length: -count }, () => collection.random(random));
  if (count >= collection.size) return [...all()];
  if (count * 3 > collection.size) return shuffled(all(), random).slice(0, count);
  const drawn = new Set<Bytes>();
  while (drawn.size < count) drawn.add(collection.random(random));
  return [...drawn];
}

function shuffled(members: readonly Bytes[], random: Random): Bytes[] {
  const list = [...members];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random.integer(0, at);
    const member = list[at] ?? '';
    list[at] = list[other] ?? '';
    list[other] = member;
  }
  return list;
}
