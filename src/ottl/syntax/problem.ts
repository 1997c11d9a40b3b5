/** Something wrong in a text, with its place there. */
export interface Problem {
  /** Where it starts, in characters from the start of the text. */
  readonly offset: number;
  /** How many characters it takes; 0 at the end of the text. */
  readonly length: number;
  /** What was expected and what was found. */
  readonly message: string;
}

/** Thrown for a text that is not OTTL. Its message names the first problem and its place. */
export class OttlError extends Error {
  override readonly name = 'OttlError';
  readonly text: string;
  readonly problems: readonly Problem[];

  constructor(text: string, problems: readonly Problem[]) {
    super(problems.map((problem) => describeProblem(text, problem)).join('; '));
    this.text = text;
    this.problems = problems;
  }
}

/** One line for people: what is wrong, and where in the text. */
export function describeProblem(text: string, { offset, length, message }: Problem): string {
  if (offset >= text.length) return `${message}, at the end of ${text}`;
  const near = text.slice(offset, offset + Math.max(length, 1));
  return `${message}, at position ${offset + 1} (${near.length > 40 ? `${near.slice(0, 40)}…` : near})`;
}
