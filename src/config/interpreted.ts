/** How schemas run: without code generated at run time, which is refused in hardened processes and slow for a single use. */
export const interpreted = { jitless: true } as const;
