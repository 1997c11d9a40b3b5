/**
 * For authors of plugins: run a component in a test, without an engine around it.
 * `import { runProcessor, logsBatch } from 'sluice/testing'`.
 */
export { logsBatch, metricsBatch, spansBatch, type BatchOptions, type PointFields } from './batches.ts';
export { conformance, type Check, type Conditions } from './conformance/index.ts';
export { parseConfig, type ConfigOf } from './configure.ts';
export { testContext, type LogLine, type TestContext, type TestContextOptions } from './context.ts';
export { testDelivery, type TestDelivery } from './delivery.ts';
export { fakeTransport, type FakeAnswers, type FakeTransport } from './fake-transport.ts';
export { ManualClock } from './manual-clock.ts';
export { openConnector, runConnector, type ConnectorOptions, type ConnectorRun } from './run-connector.ts';
export { runExporter, type ExporterRun } from './run-exporter.ts';
export { runExtension, type ExtensionRun } from './run-extension.ts';
export { openProcessor, runProcessor, type ProcessorOptions, type ProcessorRun } from './run-processor.ts';
export { runReceiver, type ReceiverRun } from './run-receiver.ts';
export type { Stream } from './stream.ts';
