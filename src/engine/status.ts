import type { Health } from '../plugin/index.ts';

type Status = 'ok' | 'recoverable_error' | 'permanent_error';

/** How the components fare, and whether the whole service is ready. */
export class StatusBoard {
  private readonly problems = new Map<string, { readonly status: Exclude<Status, 'ok'>; readonly message: string }>();
  private readonly startedAt: number;
  ready = false;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  report(component: string, status: Status, message = ''): void {
    if (status === 'ok') this.problems.delete(component);
    else this.problems.set(component, { status, message });
  }

  health(): Health {
    const problems = [...this.problems].map(([component, problem]) => ({ component, ...problem }));
    return { ready: this.ready, startedAt: this.startedAt, problems };
  }
}
