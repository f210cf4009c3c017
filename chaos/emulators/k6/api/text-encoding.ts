/** `TextEncoder` and `TextDecoder`, which k6 has as globals. */
import type { Kernel } from './kernel.ts';

export function textEncodingClasses(kernel: Kernel): Record<string, unknown> {
  class TextEncoder {
    readonly encoding = 'utf-8';

    encode(text: unknown = ''): Uint8Array {
      return Uint8Array.from(kernel.host.local.encodeUtf8(String(text)));
    }
  }

  class TextDecoder {
    readonly encoding: string;
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;

    constructor(label: unknown = 'utf-8', options: { fatal?: unknown; ignoreBOM?: unknown } = {}) {
      const name = String(label).trim().toLowerCase();
      this.encoding = name === 'utf8' || name === 'unicode-1-1-utf-8' ? 'utf-8' : name;
      this.fatal = Boolean(options.fatal);
      this.ignoreBOM = Boolean(options.ignoreBOM);
      this.#decode(new Uint8Array());
    }

    decode(input?: ArrayBuffer | ArrayBufferView): string {
      if (input === undefined) return '';
      return this.#decode(
        ArrayBuffer.isView(input)
          ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
          : new Uint8Array(input),
      );
    }

    #decode(bytes: Uint8Array): string {
      const outcome = kernel.host.local.decodeText(this.encoding, bytes, this);
      if (outcome.ok) return outcome.value;
      throw new (outcome.message.startsWith('The encoded data') ? TypeError : RangeError)(outcome.message);
    }
  }

  return { TextDecoder, TextEncoder };
}
