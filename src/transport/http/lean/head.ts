/** The request line and headers of one request, as they were sent. */
export class Head {
  readonly method: string;
  readonly target: string;
  /** The body's length, 0 without a body, undefined where it comes in chunks. */
  readonly length: number | undefined;
  /** The sender keeps the connection for further requests. */
  readonly keepAlive: boolean;
  /** The sender is of HTTP/1.0. */
  readonly old: boolean;
  /** The sender waits for `100 Continue`. */
  readonly expecting: boolean;
  private readonly text: string;
  private readonly places: readonly number[];

  /** `places` are four offsets into `text` for each header: from and to of its name and of its value. */
  constructor(text: string, places: readonly number[], facts: HeadFacts) {
    this.text = text;
    this.places = places;
    this.method = facts.method;
    this.target = facts.target;
    this.length = facts.length;
    this.keepAlive = facts.keepAlive;
    this.old = facts.old;
    this.expecting = facts.expecting;
  }

  /** The values of all headers of a name in lower case, joined by commas; undefined without one. */
  value(name: string): string | undefined {
    const { places } = this;
    let found: string | undefined;
    for (let i = 0; i < places.length; i += 4) {
      if (!this.isNamed(i, name)) continue;
      const value = this.text.slice(places[i + 2], places[i + 3]);
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** All headers, names in lower case. */
  map(): Map<string, string[]> {
    const { places, text } = this;
    const map = new Map<string, string[]>();
    for (let i = 0; i < places.length; i += 4) {
      const name = text.slice(places[i], places[i + 1]).toLowerCase();
      const value = text.slice(places[i + 2], places[i + 3]);
      const values = map.get(name);
      if (values === undefined) map.set(name, [value]);
      else values.push(value);
    }
    return map;
  }

  private isNamed(place: number, name: string): boolean {
    const from = this.places[place] as number;
    if ((this.places[place + 1] as number) - from !== name.length) return false;
    for (let i = 0; i < name.length; i++)
      if ((this.text.charCodeAt(from + i) | 0x20) !== name.charCodeAt(i)) return false;
    return true;
  }
}

export interface HeadFacts {
  readonly method: string;
  readonly target: string;
  readonly length: number | undefined;
  readonly keepAlive: boolean;
  readonly old: boolean;
  readonly expecting: boolean;
}
