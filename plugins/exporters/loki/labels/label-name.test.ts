import { expect, it } from 'vitest';
import { labelName } from './label-name.ts';

it.each([
  ['service.name', 'service_name'],
  ['http.request.method', 'http_request_method'],
  ['trace_id', 'trace_id'],
  ['2xx', 'key_2xx'],
  ['_private', 'key_private'],
  ['__proto__', '__proto__'],
  ['größe', 'gr__e'],
  ['🙂', 'key_'],
  ['', ''],
])('%j becomes %j, as in Loki', (attribute, name) => {
  expect(labelName(attribute)).toBe(name);
});
