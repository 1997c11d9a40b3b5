const patienceMs = 2000;

/**
 * What the promises give, all of them. Rejects where one is still pending after two seconds, and says which; that time is
 * real, whatever clock the component has.
 */
export async function settledWithin<T>(promises: readonly Promise<T>[], expectation: string): Promise<T[]> {
  const open = new Set(promises.keys());
  for (const [i, promise] of promises.entries()) void promise.finally(() => open.delete(i)).catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new Error(`not ${expectation}: number ${[...open].map((i) => i + 1).join(', ')} of ${promises.length}`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([Promise.all(promises), late]);
  } finally {
    clearTimeout(timer);
  }
}
