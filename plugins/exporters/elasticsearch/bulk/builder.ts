import { jsonName, pickRecords, RecordScan, type Batch } from 'sluice/plugin';
import { eventTime } from '../../template-values.ts';
import type { Config } from '../config.ts';
import { documentsOf } from '../documents/index.ts';
import { NoDocument } from '../documents/document.ts';
import { OtelLogWriter } from '../documents/otel-log.ts';
import { entriesOf, type Entry } from '../../decoded-entries.ts';
import { Router, type Route } from '../route.ts';
import { DocumentIds } from './document-id.ts';
import { note, type BulkRequest } from './request.ts';

const newline = 0x0a;
const idName = jsonName('_id');
const actionEnd = Buffer.from('}}\n');
/** A point that was not recorded. */
const noValue = 1;

/** Writes bulk requests: for each document a line that says what to do with it, and a line with the document. */
export class BulkBuilder {
  private readonly config: Config;
  private readonly scan = new RecordScan();
  private readonly router: Router;
  private readonly ids: DocumentIds;
  private readonly logs: OtelLogWriter;
  private items: number[] = [];
  private recordIds: string[] = [];
  private keptIds: readonly string[] | undefined;
  /** Ids of the records of parts that will come again, where the number of equal ones before a record would be another then. */
  private readonly kept = new WeakMap<Batch, readonly string[]>();

  constructor(config: Config) {
    this.config = config;
    this.router = new Router(config, this.scan);
    this.ids = new DocumentIds(this.scan, config.id === 'attribute' || config.logs_dynamic_id?.enabled === true);
    this.logs = new OtelLogWriter(this.scan);
  }

  build(batch: Batch): BulkRequest {
    const { scan } = this;
    const impossible = new Map<string, number[]>();
    const entries = this.fromBytes(batch) ? undefined : entriesOf(batch);
    this.items = [];
    this.recordIds = [];
    this.keptIds = this.kept.get(batch);
    let empty = 0;
    scan.cut(0);
    scan.begin(batch);
    this.ids.begin(batch.signal);
    this.router.begin();
    this.logs.begin();
    for (let index = 0; scan.next(); index++) {
      const entry = entries?.next().value as Entry | undefined;
      const route = this.router.route(batch);
      if (typeof route === 'string') note(impossible, route, index);
      else if (entry?.kind === 'point' && (entry.record.flags & noValue) !== 0) empty++;
      else this.add(batch, index, route, entry, impossible);
    }
    const ids = this.ids.repeated || this.keptIds !== undefined ? this.recordIds : undefined;
    return { body: scan.take(), items: this.items, impossible, empty, batch, ids };
  }

  /** A part of the batch of a request, which will come again: its records keep the ids that they had. */
  part({ batch, ids }: BulkRequest, indices: ReadonlySet<number>): Batch {
    const part = pickRecords(batch, (index) => indices.has(index));
    if (ids !== undefined && part !== batch)
      this.kept.set(
        part,
        ids.filter((_, index) => indices.has(index)),
      );
    return part;
  }

  private fromBytes({ signal }: Batch): boolean {
    return signal === 'logs' && this.config.mapping.mode === 'otel';
  }

  private add(
    batch: Batch,
    index: number,
    route: Route,
    entry: Entry | undefined,
    impossible: Map<string, number[]>,
  ): void {
    const { scan, config } = this;
    const start = scan.length;
    const id = this.idFor(batch, route) ? (this.keptIds?.[index] ?? this.ids.next()) : undefined;
    if (id !== undefined) this.recordIds[index] = id;
    if (entry === undefined) {
      this.action(route, id, index);
      this.logs.write(route.stream, batch.meta.receivedAt);
      scan.byte(newline);
      return;
    }
    const items = this.items.length;
    try {
      const documents = documentsOf(config.mapping.mode, entry, route.stream, eventTime(scan, batch));
      documents.forEach(({ json, stream }, i) => {
        this.action(stream === undefined ? route : this.router.to(stream), i === 0 ? id : id && `${id}.${i}`, index);
        scan.utf8(json);
        scan.byte(newline);
      });
    } catch (error) {
      if (!(error instanceof NoDocument)) throw error;
      scan.cut(start);
      this.items.length = items;
      note(impossible, error.message, index);
    }
  }

  private idFor({ signal }: Batch, { stream }: Route): boolean {
    const { id } = this.config;
    return id === undefined ? signal !== 'metrics' || stream === undefined : id !== 'none';
  }

  private action({ action }: Route, id: string | undefined, record: number): void {
    const { scan } = this;
    scan.raw(action);
    if (id !== undefined) {
      scan.member(idName);
      scan.jsonText(id);
    }
    scan.raw(actionEnd);
    this.items.push(record);
  }
}
