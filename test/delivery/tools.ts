import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Whether this machine has a program. */
export function found(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * A command that runs another with `fault` in its system calls (`delay_exit=…`, `error=EIO:when=…`); of calls with a path,
 * only those with that `path` count. The process id is that of the program, not of strace.
 */
export function strace(calls: string, fault: string, path?: string): string[] {
  const only = path === undefined ? [] : ['-P', path];
  // With a path, the filter in the kernel lets a call through now and then.
  const quick = path === undefined ? ['--seccomp-bpf'] : [];
  return [
    'strace',
    '-D',
    '-qqq',
    '-f',
    ...quick,
    '-o',
    '/dev/null',
    ...only,
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:${fault}`,
  ];
}
