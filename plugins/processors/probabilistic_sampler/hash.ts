/** The buckets that a hash falls in; a percentage keeps so many of them. */
export const buckets = 0x4000;

/** FNV-1a of 32 bits over the seed, least byte first, and the data. */
export function fnv1a(data: Uint8Array, seed: number): number {
  let value = 0x811c9dc5;
  for (let shift = 0; shift < 32; shift += 8) value = Math.imul(value ^ ((seed >>> shift) & 0xff), 0x01000193);
  for (const byte of data) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

export function hashedRandomness(data: Uint8Array, seed: number): bigint {
  return randomnessOf(fnv1a(data, seed));
}

export function bucketOf(hashed: number): number {
  return hashed & (buckets - 1);
}

/**
 * Randomness of 56 bits whose first 14 decide as the buckets did before thresholds were: the lower the bucket, the higher.
 * The rest comes from the hash, too.
 */
export function randomnessOf(hashed: number): bigint {
  const bucket = bucketOf(hashed);
  const unused = BigInt(hashed >>> 18);
  const mixed = unused ^ (unused << 10n);
  return (BigInt(buckets - 1 - bucket) << 42n) | (mixed << 14n) | BigInt(bucket);
}
