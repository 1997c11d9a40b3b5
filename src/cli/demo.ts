import type { Configuration } from '../config/index.ts';
import { signals } from '../wire/index.ts';
import { stream } from './generate/stream.ts';
import { complain } from './terminal.ts';

/** Sends a small stream to the receiver on localhost, and says what to try next. The function given back ends it. */
export function startDemo(files: readonly string[], configuration: Configuration): () => Promise<void> {
  const stop = new AbortController();
  const running = stream(
    { endpoint: 'http://localhost:4318', protocol: 'http/protobuf', rate: 2, signals },
    stop.signal,
  );
  complain(whatNext(files, configuration));
  return async () => {
    stop.abort();
    await running;
  };
}

function whatNext(files: readonly string[], { service, exporters }: Configuration): string {
  const { prometheus } = service.telemetry.metrics;
  const file = [...exporters.values()].find(({ definition }) => definition.type === 'file')?.config as
    { readonly path?: string } | undefined;
  const config = files.map((name) => `--config ${name}`).join(' ');
  const lines = [
    'Sluice is running, and a small shop sends it logs, traces and metrics. Try, in another terminal:',
    '',
    ...hint('see what comes out', file?.path === undefined ? undefined : `tail -f ${file.path}`),
    ...hint(
      'send a log record of your own',
      `curl -i http://localhost:4318/v1/logs -H 'Content-Type: application/json' -d '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}'`,
    ),
    ...hint(
      'see how it fares',
      prometheus === undefined ? undefined : `curl http://${prometheus.host}:${prometheus.port}/metrics`,
    ),
    ...hint('draw the pipelines', `npm run sluice -- graph ${config}`),
    ...hint('check a configuration', `npm run sluice -- validate ${config}`),
    '',
    `The pipelines are in ${files.join(', ')}: change them, and start again. Ctrl-C stops.`,
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

function hint(what: string, command: string | undefined): string[] {
  return command === undefined ? [] : [`${what}:`, `    ${command}`];
}
