/** When a fail point acts: always, never, a number of times, after a number of times, or with a probability. */
import type { Random } from '../../../random.ts';
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';

type Mode =
  | { readonly kind: 'off' | 'alwaysOn' }
  | { readonly kind: 'times' | 'skip'; left: number }
  | { readonly kind: 'activationProbability'; readonly probability: number };

export class FailPointMode {
  readonly #mode: Mode;
  readonly #random: Random;

  private constructor(mode: Mode, random: Random) {
    this.#mode = mode;
    this.#random = random;
  }

  /** @throws MongoError BadValue. */
  static parse(value: unknown, random: Random): FailPointMode {
    if (value === 'off' || value === 'alwaysOn') return new FailPointMode({ kind: value }, random);
    if (isDocument(value)) {
      for (const kind of ['times', 'skip'] as const) {
        const left = numberOf(value[kind]);
        if (left !== undefined && left >= 0) return new FailPointMode({ kind, left }, random);
      }
      const probability = numberOf(value['activationProbability']);
      if (probability !== undefined && probability >= 0 && probability <= 1) {
        return new FailPointMode({ kind: 'activationProbability', probability }, random);
      }
    }
    throw new MongoError(
      'BadValue',
      "'mode' must be one of 'off', 'alwaysOn', {times: n}, {skip: n} and {activationProbability: p}",
    );
  }

  get isOff(): boolean {
    return this.#mode.kind === 'off';
  }

  /** Whether the fail point acts on what reached it now. */
  enter(): boolean {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'off':
        return false;
      case 'alwaysOn':
        return true;
      case 'times':
        if (mode.left === 0) return false;
        mode.left -= 1;
        return true;
      case 'skip':
        if (mode.left === 0) return true;
        mode.left -= 1;
        return false;
      case 'activationProbability':
        return this.#random.next() < mode.probability;
    }
  }
}
