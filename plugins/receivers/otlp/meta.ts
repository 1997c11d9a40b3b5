import type { Meta } from 'sluice/plugin';

interface Sender {
  readonly peer: string;
  readonly identity?: string;
  readonly tenant?: string;
}

/** What is kept of a request beside its data; headers only where `include_metadata` asks for them. */
export function metaOf(sender: Sender, receivedAt: number, headers: Meta['headers']): Meta {
  const { peer, identity, tenant } = sender;
  return {
    receivedAt,
    peer,
    ...(identity !== undefined && { identity }),
    ...(tenant !== undefined && { tenant }),
    ...(headers !== undefined && { headers }),
  };
}
