/** Randomness has 56 bits; one more is the threshold that nothing reaches. */
const randomnessBits = 56n;
const hexDigits = 14;
const span = 2n ** randomnessBits;

/** The randomness that every threshold but `keepNone` lets through. */
export const highest = span - 1n;

/** What a record's randomness has to reach to be kept, in 56 bits: 0 keeps all, 2^56 none. */
export const keepAll = 0n;
export const keepNone = span;

/** The lowest probability there is: one in 2^56. */
export const lowestProbability = 2 ** -56;

/** As it is written: hex digits without zeros at the end, `0` for all. Empty for none. */
export function thresholdText(threshold: bigint): string {
  if (threshold === keepAll) return '0';
  return threshold >= span ? '' : randomnessText(threshold).replace(/0+$/, '');
}

/** One to fourteen hex digits; undefined where the text is something else. */
export function parseThreshold(text: string): bigint | undefined {
  return /^[0-9a-fA-F]{1,14}$/.test(text) ? BigInt(`0x${text.padEnd(hexDigits, '0')}`) : undefined;
}

export function randomnessText(randomness: bigint): string {
  return randomness.toString(16).padStart(hexDigits, '0');
}

/** Fourteen hex digits; undefined where the text is something else. */
export function parseRandomness(text: string): bigint | undefined {
  return /^[0-9a-fA-F]{14}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}

export function probabilityOf(threshold: bigint): number {
  return Number(span - threshold) / Number(span);
}

/**
 * The threshold for a probability, rounded to so many hex digits, and more where leading `f` or `0` digits say little.
 * Undefined where the probability is not within 2^-56 and 1.
 */
export function thresholdFor(probability: number, precision: number): bigint | undefined {
  if (!(probability >= lowestProbability && probability <= 1)) return undefined;
  if (probability === 1) return keepAll;
  const extra = Math.max(leadingDigits(probability), leadingDigits(1 - probability));
  const digits = Math.min(hexDigits, precision + extra);
  const exactly = span - BigInt(Math.round(probability * Number(span)));
  const shift = BigInt(4 * (hexDigits - digits));
  if (shift === 0n) return exactly;
  return ((exactly + (1n << (shift - 1n))) >> shift) << shift;
}

/** How many hex digits after the point are 0 before the first other one. */
function leadingDigits(fraction: number): number {
  return Math.trunc(-exponentOf(fraction) / 4);
}

const float = new DataView(new ArrayBuffer(8));

/** The power of two that goes with a mantissa of at least a half and below one. */
function exponentOf(value: number): number {
  float.setFloat64(0, value);
  return ((float.getUint16(0) >> 4) & 0x7ff) - 1022;
}
