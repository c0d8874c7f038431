import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket as TcpSocket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A message as a test looks at it. */
export interface Raw {
  readonly line: string;
  readonly text: string;
  header(name: string): string;
}

export function rawOf(text: string): Raw {
  return {
    line: text.slice(0, text.indexOf('\r\n')),
    text,
    header: (name) => new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '',
  };
}

export interface AnswerOptions {
  readonly tag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Whether the body has a Content-Type, as by default. */
  readonly kind?: false;
}

/** An answer to a request, as text. */
export function answerTo(
  request: Raw,
  status: string,
  { tag = 'pbx', headers = [], body = '', kind }: AnswerOptions = {},
) {
  const kept = request.text
    .split('\r\n')
    .filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
  const to = request.header('to');
  return [
    `SIP/2.0 ${status}`,
    ...kept,
    `To: ${to}${/;tag=/.test(to) ? '' : `;tag=${tag}`}`,
    ...headers,
    ...(body === '' || kind === false ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** The answer of a registrar that takes everybody. */
export function registered(request: Raw): string {
  const contact = request.header('contact');
  return answerTo(request, '200 OK', {
    headers:
      ['', '*'].includes(contact) || /expires=0/.test(contact) ? [] : [`Contact: ${contact};expires=60`],
  });
}

/** A PBX that does what a test says, message by message. It answers registrations by itself. */
export async function rawPbx(host = '127.0.0.1') {
  const socket: Socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  const written = host.includes(':') ? `[${host}]` : host;
  const contact = `Contact: <sip:pbx@${written}:${port}>`;
  const got: Raw[] = [];
  const used = new Set<Raw>();
  const watchers = new Set<() => void>();
  let phone = 0;
  const send = (text: string) => socket.send(text, phone, host, () => undefined);
  socket.on('message', (data, from) => {
    phone = from.port;
    const message = rawOf(data.toString());
    got.push(message);
    const answer = message.line.startsWith('REGISTER') ? pbx.registers(message) : undefined;
    const [status = '', ...headers] = [answer ?? []].flat();
    if (answer === '200 OK') send(registered(message));
    else if (answer !== undefined) send(answerTo(message, status, { headers }));
    for (const look of watchers) look();
  });
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  let serial = 0;
  const pbx = {
    /** What a REGISTER is answered with: a status, or one with headers; undefined is nothing. */
    registers: (_request: Raw): string | readonly string[] | undefined => '200 OK',
    /** What the phone has asked the registrar, everything that it has sent so far included. */
    async registrations(): Promise<readonly Raw[]> {
      const id = pbx.ask('OPTIONS');
      await pbx.found(({ header }) => header('call-id') === id);
      return got.filter(({ line }) => line.startsWith('REGISTER'));
    },
    host: `${written}:${port}`,
    contact,
    got,
    send,
    sdp: (rtp: number, address = host) =>
      `v=0\r\no=- 1 1 IN IP${host.includes(':') ? 6 : 4} ${address}\r\ns=-\r\nc=IN IP${host.includes(':') ? 6 : 4} ${address}\r\nt=0 0\r\nm=audio ${rtp} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n`,
    /** The next message whose first line is like this; each counts once. */
    next(pattern: RegExp): Promise<Raw> {
      return this.found(({ line }) => pattern.test(line));
    },
    /** The next message of this kind; each counts once. */
    found(isIt: (message: Raw) => boolean): Promise<Raw> {
      return new Promise((resolve) => {
        const look = () => {
          const found = got.find((one) => isIt(one) && !used.has(one));
          if (found === undefined) return;
          used.add(found);
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      });
    },
    answer(request: Raw, status: string, options: AnswerOptions = {}): void {
      send(answerTo(request, status, { ...options, headers: [contact, ...(options.headers ?? [])] }));
    },
    /** Asks the phone; a dialog goes on with the To header of its answer. */
    ask(
      method: string,
      options: AnswerOptions & {
        id?: string;
        to?: string;
        sequence?: number;
        from?: string;
        /** Where the phone is, by default. */
        uri?: string;
        /** Whether it is where the PBX is, as by default. */
        contact?: false;
      } = {},
    ) {
      serial += 1;
      const { id = `call-${serial}`, to = '<sip:6001@pbx>', sequence = 1, headers = [], body = '' } = options;
      send(
        [
          `${method} ${options.uri ?? `sip:6001@${written}:${phone}`} SIP/2.0`,
          `Via: SIP/2.0/UDP ${written}:${port};branch=z9hG4bK${id}${method}${sequence};rport`,
          'Max-Forwards: 70',
          `From: ${options.from ?? '<sip:9@pbx>'};tag=pbx`,
          `To: ${to}`,
          `Call-ID: ${id}`,
          `CSeq: ${sequence} ${method}`,
          ...(options.contact === false ? [] : [contact]),
          ...headers,
          ...(body === '' || options.kind === false || headers.some((one) => /^content-type/i.test(one))
            ? []
            : ['Content-Type: application/sdp']),
          `Content-Length: ${Buffer.byteLength(body)}`,
          '',
          body,
        ].join('\r\n'),
      );
      return id;
    },
  };
  return pbx;
}

/** A registrar over TCP that takes everybody, and collects what else comes. */
export async function tcpRegistrar() {
  const connections: TcpSocket[] = [];
  const got: Raw[] = [];
  const take = (socket: TcpSocket, message: Raw) => {
    if (message.line.startsWith('REGISTER')) socket.write(registered(message));
    else got.push(message);
  };
  const server = createServer((socket) => {
    connections.push(socket);
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const messages = (rest + data.toString()).split(/(?<=\r\n\r\n)/);
      rest = messages.at(-1)?.endsWith('\r\n\r\n') === true ? '' : (messages.pop() ?? '');
      for (const text of messages) take(socket, rawOf(text));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { host: `127.0.0.1:${port}`, connections, got };
}
