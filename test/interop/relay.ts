import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A message on its way past the relay. */
export interface Passing {
  /** `INVITE 1`, or `200 INVITE 1`. */
  readonly name: string;
  readonly callId: string;
  readonly toPhone: boolean;
}

/** A relay between one phone and a PBX: it acts as the PBX for the phone, and as the phone for the PBX. */
export interface Relay {
  /** The address of the PBX that the phone is given. */
  readonly host: string;
  close(): Promise<void>;
}

/**
 * A path that loses datagrams. It replaces every address in a message that would bypass it; bodies stay unchanged.
 *
 * @param lose - whether this one is lost
 */
export async function relayTo(pbx: string, lose: (message: Passing) => boolean): Promise<Relay> {
  const [phoneSide, pbxSide] = await Promise.all([open(), open()]);
  const [inner, outer] = [`127.0.0.1:${phoneSide.address().port}`, `127.0.0.1:${pbxSide.address().port}`];
  const pbxPort = Number(pbx.split(':')[1]);
  let phone = '127.0.0.1:0';
  const pass = (socket: Socket, port: number, text: string, toPhone: boolean) => {
    if (!lose({ name: nameOf(text), callId: callIdOf(text), toPhone }))
      socket.send(text, port, '127.0.0.1', () => undefined);
  };
  phoneSide.on('message', (data, { port }) => {
    phone = `127.0.0.1:${port}`;
    pass(pbxSide, pbxPort, renamed(data.toString(), [phone, outer], [inner, pbx]), false);
  });
  pbxSide.on('message', (data) => {
    // kamailio omits the default port.
    const text = renamed(
      data.toString(),
      [outer, phone],
      [pbx, inner],
      ['<sip:127.0.0.1;', `<sip:${inner};`],
    );
    pass(phoneSide, Number(phone.split(':')[1]), text, true);
  });
  return {
    host: inner,
    async close() {
      const closed = [phoneSide, pbxSide].map((socket) => once(socket, 'close'));
      for (const socket of [phoneSide, pbxSide]) socket.close();
      await Promise.all(closed);
    },
  };
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function renamed(text: string, ...names: readonly (readonly [from: string, to: string])[]): string {
  const end = text.indexOf('\r\n\r\n');
  const head = names.reduce((all, [from, to]) => all.replaceAll(from, to), text.slice(0, end));
  return head + text.slice(end);
}

function nameOf(text: string): string {
  const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1];
  const [, number, method] = /^CSeq:\s*(\d+) (\w+)/im.exec(text) ?? [];
  return [status, method, number].filter((word) => word !== undefined).join(' ');
}

function callIdOf(text: string): string {
  return /^Call-ID:\s*(\S+)/im.exec(text)?.[1] ?? '';
}
