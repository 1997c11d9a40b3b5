import { conformance } from 'sluice/testing';
import { test } from 'vitest';
import definition from './index.ts';

for (const check of conformance(definition)) test(check.name, check.run);
