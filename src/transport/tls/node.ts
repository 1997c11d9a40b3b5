import process from 'node:process';

/** node:tls, which takes 9 MB with what it loads: only for those who use it. */
export function nodeTls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}

/** node:https, likewise. */
export function nodeHttps(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}
