import type { Signal } from '../../src/wire/index.ts';
import { oracleDecode, type Message } from '../oracle/otlp.ts';

/** A log record, span or metric as protobufjs read it, with what stands around it. */
export interface Received {
  readonly signal: Signal;
  readonly resource: ReadonlyMap<string, unknown>;
  readonly attributes: ReadonlyMap<string, unknown>;
  /** Hex; empty for none. */
  readonly traceId: string;
  readonly message: Message;
}

const children = {
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const;

/** What is in a request, read by a decoder that is not ours. */
export function receivedIn(signal: Signal, request: Uint8Array): Received[] {
  const [resources, scopes, records] = children[signal];
  return list(oracleDecode(signal, request), resources).flatMap((group) => {
    const resource = attributesOf((group['resource'] ?? {}) as Message);
    return list(group, scopes).flatMap((scope) =>
      list(scope, records).map((message) => ({
        signal,
        resource,
        attributes: attributesOf(message),
        traceId: Buffer.from((message['traceId'] ?? []) as Uint8Array).toString('hex'),
        message,
      })),
    );
  });
}

/** The data points of a metric, whatever its kind. */
export function pointsOf({ message }: Received): Message[] {
  return ['gauge', 'sum', 'histogram'].flatMap((kind) => list((message[kind] ?? {}) as Message, 'dataPoints'));
}

export function attributesOf(message: Message): ReadonlyMap<string, unknown> {
  return new Map(
    list(message, 'attributes').map(({ key, value }) => {
      const { stringValue, intValue, doubleValue, boolValue } = (value ?? {}) as Message;
      const number = intValue ?? doubleValue;
      return [key as string, stringValue ?? boolValue ?? (number === undefined ? undefined : Number(number))];
    }),
  );
}

function list(message: Message, field: string): Message[] {
  return (message[field] ?? []) as Message[];
}
