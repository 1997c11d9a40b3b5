import type { Capabilities, Capability, RunningExtension, Storage } from '../plugin/index.ts';

/** The running extensions and what they offer. */
export class Extensions {
  private readonly running = new Map<string, RunningExtension>();
  private readonly memory = new Map<string, Map<string, Uint8Array>>();

  add(id: string, extension: RunningExtension): void {
    this.running.set(id, extension);
  }

  find<C extends Capability>(id: string, capability: C): Capabilities[C] {
    const extension = this.running.get(id);
    if (extension === undefined) throw new Error(`extension "${id}" is not running; list it under service.extensions`);
    const provided = extension.provides?.[capability];
    if (provided === undefined) throw new Error(`extension "${id}" does not offer ${capability}`);
    return provided;
  }

  /** Folders on disk in which queues may be. */
  storageDirectories(): string[] {
    return [...this.running.values()].flatMap(({ provides }) => provides?.storage?.directory ?? []);
  }

  /** Storage for one component; in memory where no extension is named. */
  async storage(owner: string, id: string | undefined): Promise<Storage> {
    if (id !== undefined) return this.find(id, 'storage').open(owner);
    let values = this.memory.get(owner);
    if (values === undefined) this.memory.set(owner, (values = new Map()));
    return inMemory(values);
  }
}

function inMemory(values: Map<string, Uint8Array>): Storage {
  return {
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => Promise.resolve(void values.set(key, value)),
    delete: (key) => Promise.resolve(void values.delete(key)),
  };
}
