/** The load generator, a process of its own: `main.ts WORKLOAD-AS-JSON ORDER`. Told over IPC what to send where. */
import type { PayloadOptions } from '../data/payload.ts';
import type { Workload } from '../workload.ts';
import { Load, type LoadOptions } from './load.ts';

const [workload, order] = process.argv.slice(2) as [string, PayloadOptions['order']];
const load = new Load(JSON.parse(workload) as Workload, order);
process.on('SIGINT', () => process.exit());
process.on('disconnect', () => process.exit());
process.on('message', (options: LoadOptions) => {
  load.run(options).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
process.send?.({ ready: true, bytesPerRequest: load.bytesPerRequest });
