// Counts pushes, so that nothing of an earlier one is taken for one of this.
export let push: u32 = 0;

export function nextPush(): void {
  push++;
}
