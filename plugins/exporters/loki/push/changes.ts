/** What of the records in a push is not as it was. */
export interface Changes {
  cutLines: number;
  /** Pairs of structured metadata that found no room. */
  leftOutPairs: number;
  /** Records, by the label that became structured metadata of theirs and by the reason. */
  readonly demoted: Map<string, Map<string, number>>;
}

export function noChanges(): Changes {
  return { cutLines: 0, leftOutPairs: 0, demoted: new Map() };
}

/** Counts a label that became structured metadata of so many records. */
export function countDemoted({ demoted }: Changes, label: string, reason: string, records: number): void {
  const reasons = demoted.get(label) ?? new Map<string, number>();
  demoted.set(label, reasons.set(reason, (reasons.get(reason) ?? 0) + records));
}
