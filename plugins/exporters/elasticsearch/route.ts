import { attributeKey, parseTemplate, type Batch, type RecordScan, type Signal, type Template } from 'sluice/plugin';
import { eventTime, TemplateValues } from '../template-values.ts';
import type { Config } from './config.ts';
import { indexName, streamName, streamPart, type DataStream } from './index-name.ts';

/** Where a document goes: an index, and the data stream behind its name, where it is one. */
export interface Route {
  readonly index: string;
  readonly stream: DataStream | undefined;
  /** The line that asks for it, up to the id: `{"create":{"_index":"logs"`. */
  readonly action: Uint8Array;
}

const names = {
  index: 'elasticsearch.index',
  type: 'data_stream.type',
  dataset: 'data_stream.dataset',
  namespace: 'data_stream.namespace',
};
const keys = Object.values(names).map(attributeKey);

/** `…/receiver/hostmetricsreceiver/…` as the name of a scope tells where the data is from. */
const receiver = /\/receiver\/(\w*receiver)/;

/**
 * Finds the index of each record: the one of the configuration, else the one that its attribute `elasticsearch.index` names, else
 * the data stream of its attributes `data_stream.*`.
 */
export class Router {
  private readonly scan: RecordScan;
  private readonly values: TemplateValues;
  private readonly operation: Config['op_type'];
  private readonly indices: Readonly<Record<Signal, Template | undefined>>;
  private readonly date: Template | undefined;
  private readonly otel: boolean;
  /** By name, with the data stream's. Cut back to nothing before it grows large. */
  private readonly known = new Map<string, Route>();
  /** That of records which say nothing about it, in one scope. */
  private scopeIndex = -1;
  private ofScope: Route | string = '';

  constructor(config: Config, scan: RecordScan) {
    this.scan = scan;
    this.values = new TemplateValues(scan);
    this.operation = config.op_type;
    this.otel = config.mapping.mode === 'otel';
    this.indices = { logs: config.logs_index, traces: config.traces_index, metrics: config.metrics_index };
    const { enabled, prefix_separator, date_format } = config.logstash_format;
    if (enabled) this.date = parseTemplate(`${prefix_separator}${date_format}`.replaceAll(/[{}]/g, '$&$&'));
  }

  /** A new batch. */
  begin(): void {
    this.scopeIndex = -1;
  }

  /** The route of the record at which the scan stands, or why it has none. */
  route(batch: Batch): Route | string {
    const { scan } = this;
    if (this.isOwn(this.indices[batch.signal])) return this.found(batch);
    if (this.scopeIndex !== scan.scopeIndex) {
      this.ofScope = this.found(batch);
      this.scopeIndex = scan.scopeIndex;
    }
    return this.ofScope;
  }

  /** The route to another data stream than the record's own. */
  to(stream: DataStream): Route {
    return this.named(streamName(stream), stream);
  }

  /** Whether the record may have another index than others of its scope. */
  private isOwn(template: Template | undefined): boolean {
    if (this.date !== undefined || template?.timed === true) return true;
    if (template !== undefined) return template.places.some(({ of }) => of !== 'resource');
    const { attributes } = this.scan.record;
    return keys.some((key) => attributes.find(key) >= 0);
  }

  private found(batch: Batch): Route | string {
    const template = this.indices[batch.signal];
    const name = template === undefined ? this.attribute(names.index) : this.rendered(template, batch);
    if (name !== undefined) return this.dated(name, undefined, batch);
    if (template !== undefined) return `no index: an attribute of "${template.source}" is missing`;
    const stream = {
      type: streamPart(this.attribute(names.type) ?? batch.signal, false),
      dataset: streamPart(
        this.attribute(names.dataset) ?? this.receiver() ?? 'generic',
        false,
        this.otel ? '.otel' : '',
      ),
      namespace: streamPart(this.attribute(names.namespace) ?? 'default', true),
    };
    return this.dated(streamName(stream), stream, batch);
  }

  private rendered(template: Template, batch: Batch): string | undefined {
    const time = template.timed ? Number(eventTime(this.scan, batch) / 1_000_000n) : 0;
    return template.render(this.values.of, time);
  }

  private dated(name: string, stream: DataStream | undefined, batch: Batch): Route | string {
    const index = indexName(name + (this.date === undefined ? '' : (this.rendered(this.date, batch) ?? '')));
    return index === undefined ? `no index: ${JSON.stringify(name.slice(0, 100))} is none` : this.named(index, stream);
  }

  /** The same object for the same index. */
  private named(index: string, stream: DataStream | undefined): Route {
    const key = stream === undefined ? index : `${index}\n${streamName(stream)}`;
    let route = this.known.get(key);
    if (route === undefined) {
      const action = Buffer.from(`{"${this.operation}":{"_index":${JSON.stringify(index)}`);
      if (this.known.size >= 1000) this.known.clear();
      this.known.set(key, (route = { index, stream, action }));
    }
    return route;
  }

  private attribute(key: string): string | undefined {
    const value = this.values.of({ of: 'any', key });
    return value === '' ? undefined : value;
  }

  private receiver(): string | undefined {
    const { scope } = this.scan;
    if (!scope.has(1)) return undefined;
    return receiver.exec(this.scan.text(scope.start(1), scope.end(1)))?.[1];
  }
}
