const interesting = [0, 1, 2, 7, 8, 10, 18, 42, 50, 58, 127, 128, 255];

/** One to four random changes: bytes set, flipped, cut out, repeated or cut off. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let mutated = new Uint8Array(bytes);
  for (let changes = 1 + below(4, random); changes > 0; changes--) mutated = change(mutated, random);
  return mutated;
}

function change(bytes: Uint8Array<ArrayBuffer>, random: () => number): Uint8Array<ArrayBuffer> {
  const at = below(bytes.length, random);
  const size = below(Math.min(64, bytes.length - at), random);
  switch (below(6, random)) {
    case 0:
      bytes[at] = below(256, random);
      return bytes;
    case 1:
      bytes[at] = interesting[below(interesting.length, random)]!;
      return bytes;
    case 2:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random));
      return bytes;
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(at + size));
    case 4:
      return joined(bytes.subarray(0, at + size), bytes.subarray(at));
    default:
      return bytes.slice(0, at);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}
