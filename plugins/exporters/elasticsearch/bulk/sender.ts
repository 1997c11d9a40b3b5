import { RetryableError, type Clock, type HttpClient, type HttpClientResponse } from 'sluice/plugin';
import type { Config } from '../config.ts';
import { bulkUrls } from '../endpoints.ts';
import { Nodes } from '../nodes.ts';
import { readItems, type Verdict } from './answer.ts';
import { requestError } from './failure.ts';
import type { BulkRequest } from './request.ts';

/** Statuses of a node, or of a proxy before it, that another node may not have. */
const ofNode: ReadonlySet<number> = new Set([502, 503, 504]);

/** Sends bulk requests, to the next node where one does not answer. */
export class BulkSender {
  private readonly client: HttpClient;
  private readonly nodes: Nodes;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly later: ReadonlySet<number>;

  constructor(config: Config, client: HttpClient, clock: Clock) {
    this.client = client;
    this.nodes = new Nodes(bulkUrls(config), clock);
    this.headers = { 'content-type': 'application/x-ndjson', ...authorization(config) };
    this.later = new Set(config.retry.retry_on_status);
  }

  /** What became of each document; undefined where all are in. Throws RetryableError or PermanentError where none is known to be. */
  async send({ body, items, batch }: BulkRequest, signal: AbortSignal): Promise<readonly Verdict[] | undefined> {
    const urls = this.nodes.order();
    let answer: HttpClientResponse | undefined;
    let failure: unknown;
    for (const url of urls) {
      try {
        answer = await this.client.request({ url, headers: this.headers, body, signal, batch });
      } catch (error) {
        failure = error;
        this.nodes.failed(url);
        if (signal.aborted || !(error instanceof RetryableError)) throw error;
        continue;
      }
      if (!ofNode.has(answer.status)) {
        this.nodes.answered(url);
        break;
      }
      this.nodes.failed(url);
    }
    if (answer === undefined) throw failure;
    const error = requestError(answer, this.later);
    if (error !== undefined) throw error;
    return readItems(answer, items.length, this.later);
  }
}

function authorization({ user, password, api_key }: Config): Readonly<Record<string, string>> {
  if (api_key !== undefined) return { authorization: `ApiKey ${api_key.reveal()}` };
  if (user === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}` };
}
