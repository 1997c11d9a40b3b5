/** Pipelines inside a program of your own: `node --conditions=@sluice/source examples/embedding/embedding.ts`. */
import { start } from 'sluice';

const pipelines = {
  receivers: { otlp: { protocols: { http: { endpoint: 'localhost:4318' } } } },
  exporters: { debug: { verbosity: 'detailed' } },
  service: { pipelines: { logs: { receivers: ['otlp'], exporters: ['debug'] } } },
};

const sluice = await start(pipelines, { log: (line) => process.stdout.write(line) });

const answer = await fetch('http://localhost:4318/v1/logs', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] }),
});
console.log(`the record was answered with ${answer.status}`);

await sluice.stop();
