import { mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncDirectory } from 'sluice/plugin';
import type { Damage } from './stage-reader.ts';

const folder = 'quarantine';
const pieceBytes = 1024 * 1024;

/** Keeps damaged bytes of a stage file for whoever wants to look at them, and gives the file that has them. */
export async function keepDamaged(path: string, { start, end }: Damage, directory: string): Promise<string> {
  const target = join(directory, folder, `${basename(path)}-${start}`);
  await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
  const source = await open(path, 'r');
  try {
    const kept = await open(target, 'w', 0o600);
    try {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, end - start));
      for (let at = start; at < end;) {
        const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, end - at), at);
        if (bytesRead === 0) break;
        await kept.write(piece, 0, bytesRead);
        at += bytesRead;
      }
      await kept.sync();
    } finally {
      await kept.close();
    }
  } finally {
    await source.close();
  }
  await syncDirectory(join(directory, folder));
  return target;
}
