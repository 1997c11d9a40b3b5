import type * as Https from 'node:https';
import process from 'node:process';
import type * as Tls from 'node:tls';

/** node:tls, which takes 9 MB with what it loads: only for those who use it. */
export function nodeTls(): typeof Tls {
  return process.getBuiltinModule('node:tls');
}

/** node:https, likewise. */
export function nodeHttps(): typeof Https {
  return process.getBuiltinModule('node:https');
}
