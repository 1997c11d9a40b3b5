/** Texts longer than this are not kept. */
const longest = 256;
/** Results of a generation; two of them are kept. */
const perGeneration = 2048;
/** A generation with fewer finds than this was not worth its while: so many calls go by before the next is begun. */
const fewest = perGeneration / 4;
const pause = 16 * perGeneration;

/**
 * Remembers what a function makes of texts, for values that come again and again. Where they do not, it soon stops trying, and tries
 * again now and then. Holds at most 4096 texts.
 */
export class Memory {
  private readonly make: (text: string) => string;
  private recent = new Map<string, string>();
  private older = new Map<string, string>();
  private found = 0;
  private paused = 0;

  constructor(make: (text: string) => string) {
    this.make = make;
  }

  of(text: string): string {
    if (this.paused > 0 || text.length > longest) {
      if (this.paused > 0) this.paused--;
      return this.make(text);
    }
    const known = this.recent.get(text);
    if (known !== undefined) {
      this.found++;
      return known;
    }
    const older = this.older.get(text);
    if (older !== undefined) this.found++;
    const result = older ?? this.make(text);
    this.recent.set(text, result);
    if (this.recent.size === perGeneration) this.turn();
    return result;
  }

  /** Begins a generation; what was not asked for in the last one is forgotten. */
  private turn(): void {
    const wasWorthIt = this.found >= fewest;
    this.older = wasWorthIt ? this.recent : new Map();
    this.recent = new Map();
    this.found = 0;
    if (!wasWorthIt) this.paused = pause;
  }
}
