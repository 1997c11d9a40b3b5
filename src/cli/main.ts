#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, argv } from 'node:process';
import { setFlagsFromString } from 'node:v8';

// No pattern of a user may freeze the process: V8 turns to its linear engine when one backtracks too much.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
// In a folder of the user's own: whoever can write to it decides what runs.
enableCompileCache(join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sluice'));

const { main } = await import('./program.ts');
await main(argv);
