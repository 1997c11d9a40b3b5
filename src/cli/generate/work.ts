import {
  ROOT_CONTEXT,
  SeverityNumber,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import type { Service } from './recorder.ts';

export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A piece of work in the past, told to the SDK as if it had just happened. */
export class Work {
  readonly context: Context;
  readonly startMs: number;
  readonly endMs: number;
  readonly #service: Service;

  private constructor(service: Service, parent: Context, step: Step) {
    this.#service = service;
    this.startMs = step.startMs;
    this.endMs = step.startMs + step.durationMs;
    const { name, kind = SpanKind.INTERNAL, attributes = {}, failure } = step;
    const span = service.tracer.startSpan(name, { kind, attributes, startTime: this.startMs }, parent);
    this.context = trace.setSpan(parent, span);
    if (failure !== undefined) {
      span.recordException({ name: failure.type, message: failure.message }, this.endMs);
      span.setAttribute('error.type', failure.type);
      span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
    }
    span.end(this.endMs);
  }

  static begin(service: Service, step: Step): Work {
    return new Work(service, ROOT_CONTEXT, step);
  }

  /** A part of it, in the same service or in another. */
  part(
    service: Service,
    step: Omit<Step, 'startMs' | 'durationMs'> & { readonly from: number; readonly to: number },
  ): Work {
    const length = this.endMs - this.startMs;
    const { from, to, ...rest } = step;
    return new Work(service, this.context, {
      ...rest,
      startMs: this.startMs + length * from,
      durationMs: length * (to - from),
    });
  }

  /** A log record at its end, with its trace and span id. */
  log(level: Level, body: string, attributes: Attributes = {}): void {
    const record = { severityNumber: SeverityNumber[level], severityText: level, body, attributes };
    this.#service.logger.emit({ ...record, timestamp: this.endMs, context: this.context });
  }
}

interface Step {
  readonly name: string;
  readonly kind?: SpanKind;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes?: Attributes;
  readonly failure?: Failure;
}

export interface Failure {
  readonly type: string;
  readonly message: string;
}
