/** Sizes in bytes. */
export interface PieceLimits {
  /** A piece ends at the first place behind this where it can. */
  readonly target: number;
  /** What cannot be cut is at most as large as this. */
  readonly largest: number;
}
