// A destination as a process of its own, so that what it costs does not slow the sender. It looks for no more than the first id
// of a request, and tells its parent which ids came, ten times a second.
import { createServer } from 'node:http';

const [port, marker] = process.argv.slice(2) as [string, string];
const digits = 12;
let ids: number[] = [];

createServer((request, response) => {
  let id = -1;
  request.on('data', (chunk: Buffer) => {
    if (id !== -1) return;
    const at = chunk.indexOf(marker) + marker.length;
    id = Number(chunk.toString('latin1', at, at + digits));
  });
  request.on('end', () => {
    ids.push(id);
    response.end();
  });
}).listen(Number(port), '127.0.0.1', () => process.send?.([]));

setInterval(() => {
  if (ids.length > 0) process.send?.(ids);
  ids = [];
}, 100);
process.on('disconnect', () => process.exit());
