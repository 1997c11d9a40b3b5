import { PermanentError, RetryableError, rpcCodes, type Clock, type Logger } from 'sluice/plugin';

/** How often, at most, the log says that the credentials are refused. */
const quietMs = 60_000;

const statuses: ReadonlyMap<number, 'unknown' | 'forbidden'> = new Map([
  [401, 'unknown'],
  [403, 'forbidden'],
]);
const codes: ReadonlyMap<number, 'unknown' | 'forbidden'> = new Map([
  [rpcCodes.UNAUTHENTICATED, 'unknown'],
  [rpcCodes.PERMISSION_DENIED, 'forbidden'],
]);

/**
 * What becomes of data when Dash0 refuses the token. Nothing is wrong with the data: it waits until somebody gives a token
 * that works, and the log says what to look at.
 */
export class Refusals {
  private readonly dataset: string;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private saidAt = -Infinity;

  constructor(dataset: string, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.dataset = dataset;
    this.clock = clock;
    this.logger = logger;
  }

  /** The error for an answer: `error`, unless its status is about the credentials. */
  ofHttp(status: number, error: unknown): unknown {
    return this.about(statuses.get(status), error);
  }

  ofGrpc(code: number, error: unknown): unknown {
    return this.about(codes.get(code), error);
  }

  private about(what: 'unknown' | 'forbidden' | undefined, error: unknown): unknown {
    if (what === undefined || !(error instanceof PermanentError)) return error;
    const advice = what === 'unknown' ? unknownToken : this.forbidden();
    if (this.clock.now() - this.saidAt >= quietMs) {
      this.saidAt = this.clock.now();
      this.logger.error({ answer: error.message, advice }, 'Dash0 refuses the token; the data waits');
    }
    return new RetryableError(`${error.message}; ${advice}`, { cause: error });
  }

  private forbidden(): string {
    return this.dataset === 'default'
      ? 'the token may not send to the dataset "default": where it is restricted to another, set `dataset`; otherwise give it the permission to ingest'
      : `the token may not send to the dataset ${JSON.stringify(this.dataset)}: check its spelling, the datasets that the token is restricted to, and the permission to ingest`;
  }
}

const unknownToken =
  'Dash0 does not know the token: check that it was not deleted, and that it is from the organisation and the region of the endpoint';
