import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { conformance, runExtension, testContext } from 'sluice/testing';
import fileStorage from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-file-storage-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('file_storage', () => {
  it.each(conformance(fileStorage, { config: { directory: join(folder, 'conformance') } }))(
    '$name',
    async ({ run }) => {
      await run();
    },
  );

  it('makes its folder for its owner alone', async () => {
    const directory = join(folder, 'deep', 'down');
    const { provides } = await runExtension(fileStorage, { directory });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(provides.storage?.directory).toBe(directory);
  });

  it('does not make a folder where it was told not to', async () => {
    await expect(
      runExtension(fileStorage, { directory: join(folder, 'none'), create_directory: false }),
    ).rejects.toThrow('ENOENT');
  });

  it('gives the folder free when it stops', async () => {
    let released = 0;
    const context = testContext({
      storageIn: (directory) =>
        Promise.resolve({
          provider: { directory, open: () => Promise.reject(new Error('unused')) },
          release: () => Promise.resolve(void released++),
        }),
    });
    const running = await fileStorage.start(fileStorage.config.parse({ directory: join(folder, 'free') }), context);
    await running.stop?.(0);
    expect(released).toBe(1);
  });

  it.each(['rwx', '999', '7'])('refuses the permissions %s', (directory_permissions) => {
    expect(fileStorage.config.safeParse({ directory_permissions }).success).toBe(false);
  });
});
