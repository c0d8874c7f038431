import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { Hop } from './message.ts';

/** This computer's address on the route to the PBX. It is the one to bind, so that loopback stays loopback. */
export async function localAddress({
  host,
  port,
}: Hop): Promise<{ readonly local: string; readonly peer: string }> {
  const { address } = await lookup(host);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // Nothing is sent: connecting a datagram socket only determines its route.
      socket.connect(port, address, resolve);
    });
    return { local: socket.address().address, peer: socket.remoteAddress().address };
  } finally {
    socket.close();
  }
}
