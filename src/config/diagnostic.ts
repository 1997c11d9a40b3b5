import type { Code } from './codes.ts';

/** A stretch of one line of a source. `line` and `column` count from 1, columns in UTF-16 units. */
export interface Place {
  /** The name of the source, as shown to users. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One finding about a configuration. Nothing in it reveals a secret, given that `hidden` is honoured. */
export interface Diagnostic extends Place {
  readonly severity: 'error' | 'warning';
  readonly code: Code;
  readonly message: string;
  /** What stands there, where that helps; `[redacted]` for secrets. */
  readonly found?: string;
  readonly hint?: string;
  /** Other places that have a part in it. */
  readonly related?: readonly { readonly message: string; readonly place: Place }[];
  /** Stretches of the same source line that must not be shown. */
  readonly hidden?: readonly { readonly column: number; readonly length: number }[];
}

type Details = Pick<Diagnostic, 'found' | 'hint' | 'related'>;

/** Gathers findings, so that all of them come out at once. */
export class Report {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #secrets: Place[] = [];

  error(code: Code, place: Place, message: string, details: Details = {}): void {
    this.#diagnostics.push({ severity: 'error', code, message, ...placeOnly(place), ...details });
  }

  warning(code: Code, place: Place, message: string, details: Details = {}): void {
    this.#diagnostics.push({ severity: 'warning', code, message, ...placeOnly(place), ...details });
  }

  /** Keeps a stretch of a source out of whatever is shown later. */
  hide(place: Place): void {
    this.#secrets.push(place);
  }

  get failed(): boolean {
    return this.#diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  }

  /** Everything so far, sources in the order of `files`, each from top to bottom. */
  diagnostics(files: readonly string[]): Diagnostic[] {
    const order = (place: Place): number => (files.indexOf(place.file) + 1 || files.length + 1) * 1e9 + place.line;
    // What an alias brings to several places is said once.
    const distinct = new Map(this.#diagnostics.map((one) => [`${one.code} ${one.message} ${positionOf(one)}`, one]));
    return [...distinct.values()]
      .map((diagnostic) => this.#withHidden(diagnostic))
      .sort((a, b) => order(a) - order(b) || a.column - b.column);
  }

  #withHidden(diagnostic: Diagnostic): Diagnostic {
    const hidden = this.#secrets
      .filter((place) => place.file === diagnostic.file && place.line === diagnostic.line)
      .map(({ column, length }) => ({ column, length }));
    return hidden.length === 0 ? diagnostic : { ...diagnostic, hidden };
  }
}

function positionOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function placeOnly({ file, line, column, length }: Place): Place {
  return { file, line, column, length };
}
