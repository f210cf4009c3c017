/** The arrays that scripts share among their VUs, kept as JSON in memory that all threads see. */
import type { SharedElements } from '../api/host.ts';

export class SharedArrays {
  readonly #arrays = new Map<string, SharedElements>();

  find(name: string): SharedElements | undefined {
    return this.#arrays.get(name);
  }

  add(name: string, elements: readonly string[]): SharedElements {
    const encoded = elements.map((element) => Buffer.from(element));
    const total = encoded.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(new SharedArrayBuffer(total));
    const ends = new Float64Array(new SharedArrayBuffer(encoded.length * Float64Array.BYTES_PER_ELEMENT));
    let end = 0;
    for (const [index, one] of encoded.entries()) {
      bytes.set(one, end);
      end += one.length;
      ends[index] = end;
    }
    const array = { bytes, ends };
    this.#arrays.set(name, array);
    return array;
  }
}
