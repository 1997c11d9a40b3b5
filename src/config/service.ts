import type { z } from 'zod';
import type { PipelineConfig, ServiceConfig } from './configuration.ts';
import type { Place, Report } from './diagnostic.ts';
import { child, isNull, type Node } from './node.ts';
import { noticeFields } from './notices.ts';
import { checkDuplicates, readPipelines, referencesIn, type Reference, type WrittenPipeline } from './pipelines.ts';
import { hideSecrets } from './secrets.ts';
import { serviceSchema, telemetryOf } from './service-schema.ts';
import { validate } from './validate.ts';

/** The section `service` as written, and what became of it where nothing is wrong with it. */
interface ReadService {
  readonly pipelines: readonly WrittenPipeline[];
  readonly started: readonly Reference[];
  readonly service?: ServiceConfig;
}

export function readService(key: Place, node: Node, report: Report): ReadService {
  const pipelinesNode = child(node, 'pipelines');
  const none =
    pipelinesNode === undefined ||
    isNull(pipelinesNode.value) ||
    (pipelinesNode.value.kind === 'map' && pipelinesNode.value.entries.size === 0);
  if (none && (node.kind === 'map' || isNull(node))) {
    report.error('missing-service', pipelinesNode?.key ?? key, 'there are no pipelines', {
      hint: 'add one under "service.pipelines:"',
    });
    return { pipelines: [], started: startedIn(node, report) };
  }
  hideSecrets(node, [serviceSchema], report);
  noticeFields('service', node, [serviceSchema], report);
  const pipelines = readPipelines(node, report);
  const started = startedIn(node, report);
  const parsed = validate({ name: 'service', node, key, schema: serviceSchema }, report);
  if (parsed === undefined) return { pipelines, started };
  const output = parsed.output as z.output<typeof serviceSchema>;
  const service: ServiceConfig = {
    extensions: output.extensions,
    pipelines: pipelines.flatMap((pipeline) => pipelineConfig(pipeline)),
    telemetry: telemetryOf(output.telemetry),
    limits: output.limits,
    deadLetters: output.dead_letters,
  };
  return { pipelines, started, service };
}

function startedIn(node: Node, report: Report): Reference[] {
  const started = referencesIn(child(node, 'extensions')?.value);
  checkDuplicates('service.extensions', started, report);
  return started;
}

function pipelineConfig({ id, key, signal, receivers, processors, exporters }: WrittenPipeline): PipelineConfig[] {
  if (signal === undefined) return [];
  const ids = (references: readonly Reference[]): string[] => references.map((reference) => reference.id);
  return [
    { id, signal, receivers: ids(receivers), processors: ids(processors), exporters: ids(exporters), source: key },
  ];
}
