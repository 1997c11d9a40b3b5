/** A component could not start. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** `receiver/otlp`. */
  readonly component: string;

  constructor(component: string, cause: unknown) {
    super(`${component}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.component = component;
  }
}

/** Runs the start of a component; what it throws becomes a StartError. */
export async function starting<T>(component: string, start: () => Promise<T> | T): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw new StartError(component, error);
  }
}
