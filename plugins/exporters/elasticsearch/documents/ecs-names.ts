/** Attributes of a resource by their name in the Elastic Common Schema. */
export const resourceNames: ReadonlyMap<string, string> = new Map([
  ['service.instance.id', 'service.node.name'],
  ['deployment.environment', 'service.environment'],
  ['deployment.environment.name', 'service.environment'],
  ['telemetry.sdk.language', 'service.language.name'],
  ['telemetry.sdk.version', 'service.language.version'],
  ['cloud.platform', 'cloud.service.name'],
  ['container.image.tags', 'container.image.tag'],
  ['host.name', 'host.hostname'],
  ['host.arch', 'host.architecture'],
  ['process.executable.path', 'process.executable'],
  ['process.runtime.name', 'service.runtime.name'],
  ['process.runtime.version', 'service.runtime.version'],
  ['os.name', 'host.os.name'],
  ['os.type', 'host.os.platform'],
  ['os.description', 'host.os.full'],
  ['os.version', 'host.os.version'],
  ['k8s.deployment.name', 'kubernetes.deployment.name'],
  ['k8s.namespace.name', 'kubernetes.namespace'],
  ['k8s.node.name', 'kubernetes.node.name'],
  ['k8s.pod.name', 'kubernetes.pod.name'],
  ['k8s.pod.uid', 'kubernetes.pod.uid'],
  ['k8s.job.name', 'kubernetes.job.name'],
  ['k8s.cronjob.name', 'kubernetes.cronjob.name'],
  ['k8s.statefulset.name', 'kubernetes.statefulset.name'],
  ['k8s.replicaset.name', 'kubernetes.replicaset.name'],
  ['k8s.daemonset.name', 'kubernetes.daemonset.name'],
  ['k8s.container.name', 'kubernetes.container.name'],
  ['k8s.cluster.name', 'orchestrator.cluster.name'],
]);

/** Attributes of a resource that make `agent.name` and `agent.version`, and stand nowhere else. */
export const agentNames: ReadonlySet<string> = new Set([
  'telemetry.sdk.name',
  'telemetry.distro.name',
  'telemetry.distro.version',
]);

export const logNames: ReadonlyMap<string, string> = new Map([
  ['event.name', 'event.action'],
  ['exception.message', 'error.message'],
  ['exception.stacktrace', 'error.stack_trace'],
  ['exception.type', 'error.type'],
  ['exception.escaped', 'event.error.exception.handled'],
]);

export const spanNames: ReadonlyMap<string, string> = new Map([
  ['db.system', 'span.db.type'],
  ['db.namespace', 'span.db.instance'],
  ['db.query.text', 'span.db.statement'],
  ['messaging.system', 'span.message.queue.name'],
]);

/** Kinds of systems as the schema names them, by `os.type`. */
export const osTypes: ReadonlyMap<string, string> = new Map([
  ['windows', 'windows'],
  ['linux', 'linux'],
  ['darwin', 'macos'],
  ['aix', 'unix'],
  ['hpux', 'unix'],
  ['solaris', 'unix'],
]);
