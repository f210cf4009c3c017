/** MD4 (RFC 1320) and its HMAC (RFC 2104), which OpenSSL no longer has. */
const blockBytes = 64;

export function md4(message: Uint8Array, key?: Uint8Array): Uint8Array {
  if (key === undefined) return digest(message);
  const block = new Uint8Array(blockBytes);
  block.set(key.length > blockBytes ? digest(key) : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return digest(Buffer.concat([outer, digest(Buffer.concat([inner, message]))]));
}

interface Round {
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly number[];
  mix(x: number, y: number, z: number): number;
}

const rounds: readonly Round[] = [
  {
    constant: 0,
    mix: (x, y, z) => (x & y) | (~x & z),
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    constant: 0x5a827999,
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    constant: 0x6ed9eba1,
    mix: (x, y, z) => x ^ y ^ z,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

function digest(message: Uint8Array): Uint8Array {
  const words = padded(message);
  const state: [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let start = 0; start < words.length; start += 16) {
    let [a, b, c, d] = state;
    for (const { constant, mix, order, shifts } of rounds) {
      for (const [step, index] of order.entries()) {
        const sum = (a + mix(b, c, d) + (words[start + index] ?? 0) + constant) | 0;
        const shift = shifts[step % 4] ?? 0;
        [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
      }
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
  }
  const result = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) result.setInt32(index * 4, word, true);
  return new Uint8Array(result.buffer);
}

/** In words of 32 bits, a one bit, zeros and the length in bits behind the message. */
function padded(message: Uint8Array): Int32Array {
  const total = Math.ceil((message.length + 9) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(total);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(total - 8, (message.length * 8) >>> 0, true);
  view.setUint32(total - 4, Math.floor((message.length * 8) / 2 ** 32), true);
  return Int32Array.from({ length: total / 4 }, (_, index) => view.getInt32(index * 4, true));
}
