import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@sluice/source'] },
  ssr: { resolve: { conditions: ['@sluice/source'] } },
  test: {
    include: ['{src,plugins,test,examples}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    execArgv: ['--conditions=@sluice/source'],
    testTimeout: 15_000,
  },
});
