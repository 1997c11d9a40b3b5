import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { found } from '../../delivery/tools.ts';
import { eventually, freePorts, startProgram, type Program } from '../program.ts';

export const hasNginx = found('nginx');

/** A real nginx that keeps the body of each request in a file before it says OK. */
export class Nginx {
  readonly url: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'));
  private program: Program | undefined;

  private constructor([front, back]: readonly [number, number]) {
    this.url = `http://127.0.0.1:${front}`;
    for (const name of ['bodies', 'temp']) mkdirSync(join(this.folder, name));
    writeFileSync(join(this.folder, 'nginx.conf'), configOf(front, back));
  }

  static async start(): Promise<Nginx> {
    const nginx = new Nginx((await freePorts(2)) as [number, number]);
    await nginx.run();
    return nginx;
  }

  /** Starts it, or starts it again on what it has. */
  async run(): Promise<void> {
    const program = startProgram('nginx', ['-p', this.folder, '-c', 'nginx.conf', '-e', 'error.log']);
    this.program = program;
    await eventually(
      () => `nginx starting: ${program.output()}`,
      () =>
        fetch(`${this.url}/up`).then(
          ({ ok }) => ok || undefined,
          () => undefined,
        ),
    );
  }

  async kill(): Promise<void> {
    this.program?.process.kill('SIGKILL');
    await this.program?.stop();
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The bodies it has; those of requests that were under way when it was killed may be cut short. */
  *bodies(): Generator<Buffer> {
    const folder = join(this.folder, 'bodies');
    for (const name of readdirSync(folder)) {
      const body = readFileSync(join(folder, name));
      if (body.length > 0) yield body;
    }
  }
}

/** One process, so that to kill it is to kill all of it. A body is read by what hands it on, here to nowhere. */
function configOf(front: number, back: number): string {
  return `
daemon off; master_process off; pid nginx.pid; user root;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path bodies; client_body_in_file_only on; client_max_body_size 64m;
  proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  server { listen 127.0.0.1:${back}; return 204; }
  server {
    listen 127.0.0.1:${front};
    location /up { return 204; }
    location / { proxy_pass http://127.0.0.1:${back}; proxy_pass_request_body off; proxy_set_header Content-Length ''; }
  }
}
`;
}
