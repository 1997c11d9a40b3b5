import type { Health } from '../plugin/index.ts';

type Status = 'ok' | 'recoverable_error' | 'permanent_error';

/** How the components fare, and whether the whole service is ready. */
export class StatusBoard {
  private readonly problems = new Map<string, Health['problems'][number]>();
  private readonly startedAt: number;
  ready = false;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** A component is well when everybody who reports about it says so; `source` tells them apart. */
  report(component: string, status: Status, message = '', source = ''): void {
    const key = `${component} ${source}`;
    if (status === 'ok') this.problems.delete(key);
    else this.problems.set(key, { component, status, message });
  }

  health(): Health {
    return { ready: this.ready, startedAt: this.startedAt, problems: [...this.problems.values()] };
  }
}
