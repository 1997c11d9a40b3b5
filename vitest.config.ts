import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@sluice/source'] },
  ssr: { resolve: { conditions: ['@sluice/source'] } },
  test: {
    include: ['{src,plugins,test,examples}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Many tests wait for programs that they start, so two at a time are well on two cores.
    maxWorkers: 2,
    execArgv: ['--conditions=@sluice/source'],
    testTimeout: 15_000,
  },
});
