import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folder } from '../../delivery/process.ts';
import { idsIn } from '../../delivery/records.ts';
import { builtPeer, eventually, startProgram, type Program } from '../program.ts';

export const collector = builtPeer('otelcol');

/** A Collector for logs over gRPC on an address of its own; what it has it writes to a file. It goes when the test is over. */
export class CollectorSink {
  readonly address: string;
  private readonly file: string;
  private readonly program: Program;

  private constructor(address: string, port: number) {
    const directory = folder();
    const config = join(directory, 'collector.yaml');
    this.address = address;
    this.file = join(directory, 'out.json');
    writeFileSync(
      config,
      JSON.stringify({
        receivers: { otlp: { protocols: { grpc: { endpoint: `${address}:${port}` } } } },
        exporters: { file: { path: this.file, flush_interval: '20ms' } },
        service: {
          telemetry: { metrics: { level: 'none' } },
          pipelines: { logs: { receivers: ['otlp'], exporters: ['file'] } },
        },
      }),
    );
    this.program = startProgram(collector as string, ['--config', config]);
    onTestFinished(() => this.kill());
  }

  static async start(address: string, port: number): Promise<CollectorSink> {
    const sink = new CollectorSink(address, port);
    const { program } = sink;
    await eventually(
      () => `the Collector ready: ${program.output()}`,
      () => program.output().includes('Everything is ready') || undefined,
      20_000,
    );
    return sink;
  }

  signal(signal: NodeJS.Signals): void {
    this.program.process.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.program.stop();
  }

  /** The ids of what it has, as they are in the records of `test/delivery`. */
  ids(): number[] {
    const bytes = existsSync(this.file) ? readFileSync(this.file) : Buffer.alloc(0);
    return bytes.length === 0 ? [] : idsIn(bytes);
  }
}
