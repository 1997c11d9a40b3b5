const entries = `:authority|
:method|GET
:method|POST
:path|/
:path|/index.html
:scheme|http
:scheme|https
:status|200
:status|204
:status|206
:status|304
:status|400
:status|404
:status|500
accept-charset|
accept-encoding|gzip, deflate
accept-language|
accept-ranges|
accept|
access-control-allow-origin|
age|
allow|
authorization|
cache-control|
content-disposition|
content-encoding|
content-language|
content-length|
content-location|
content-range|
content-type|
cookie|
date|
etag|
expect|
expires|
from|
host|
if-match|
if-modified-since|
if-none-match|
if-range|
if-unmodified-since|
last-modified|
link|
location|
max-forwards|
proxy-authenticate|
proxy-authorization|
range|
referer|
refresh|
retry-after|
server|
set-cookie|
strict-transport-security|
transfer-encoding|
user-agent|
vary|
via|
www-authenticate|`
  .split('\n')
  .map((line) => line.split('|') as [string, string]);

/** Entries of RFC 7541 appendix A. Index 1 of the protocol is element 0. */
export const staticNames: readonly string[] = entries.map(([name]) => name);
export const staticValues: readonly string[] = entries.map(([, value]) => value);
export const staticLength = entries.length;

const byField = new Map(entries.map(([name, value], index) => [`${name}\n${value}`, index + 1]));
const byName = new Map(entries.map(([name], index) => [name, index + 1] as const).toReversed());

/** Protocol index of a field, 0 where it is not in the table. */
export function staticField(name: string, value: string): number {
  return byField.get(`${name}\n${value}`) ?? 0;
}

/** Protocol index of the first entry with this name, 0 where there is none. */
export function staticName(name: string): number {
  return byName.get(name) ?? 0;
}
