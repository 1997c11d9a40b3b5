/** Something that the user can mend. Its message is all there is to say; there is no stack to show. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
