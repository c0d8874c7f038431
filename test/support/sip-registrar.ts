import { createHash } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** What a test sees of a registrar. */
export interface TestRegistrar {
  readonly host: string;
  /** First lines of received messages, oldest first. */
  readonly seen: string[];
  /** The addresses of registered phones, by number. */
  readonly contacts: Map<string, { readonly host: string; readonly port: number; readonly uri: string }>;
  close(): Promise<void>;
}

export interface RegistrarOptions {
  /** The Digest password; without it, no authentication. */
  readonly password?: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** Whether this message is lost. */
  readonly lose?: (message: string) => boolean;
}

/**
 * The minimum that phones need of a SIP proxy: a registrar that forwards requests to registered phones, and responses
 * back along their Via. It is not a real proxy: no retransmissions, no forking, no transactions.
 */
export async function sipRegistrar(options: RegistrarOptions = {}): Promise<TestRegistrar> {
  const { password, algorithm = 'MD5', lose = () => false } = options;
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  const contacts = new Map<string, { host: string; port: number; uri: string }>();
  const seen: string[] = [];
  const header = (message: string, name: string) =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)\\r$`, 'im').exec(message)?.[1] ?? '';
  const send = (message: string, host: string, to: number) => {
    if (!lose(message)) socket.send(message, to, host, () => undefined);
  };
  const reply = (message: string, from: RemoteInfo, line: string, ...extra: string[]) => {
    const kept = message.split('\r\n').filter((one) => /^(via|from|call-id|cseq):/i.test(one));
    const to = `To: ${header(message, 'to')}${/;tag=/.test(header(message, 'to')) ? '' : ';tag=registrar'}`;
    const text = [`SIP/2.0 ${line}`, ...kept, to, ...extra, 'Content-Length: 0', '', ''].join('\r\n');
    send(text, from.address, from.port);
  };
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const isKnown = (message: string) => {
    if (password === undefined) return true;
    const given = header(message, 'authorization');
    const value = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(given)?.[1] ?? '';
    const one = hash(`${value('username')}:test:${password}`);
    const two = hash(`REGISTER:${value('uri')}`);
    const middle = `${value('nonce')}:${value('nc')}:${value('cnonce')}:auth`;
    return value('response') === hash(`${one}:${middle}:${two}`);
  };
  const register = (message: string, from: RemoteInfo) => {
    if (!isKnown(message)) {
      reply(
        message,
        from,
        '401 Unauthorized',
        `WWW-Authenticate: Digest realm="test", nonce="n${seen.length}", algorithm=${algorithm}, qop="auth"`,
      );
      return;
    }
    const number = /sip:([^@]+)@/.exec(header(message, 'to'))?.[1] ?? '';
    const contact = header(message, 'contact');
    const uri = /<([^>]+)>/.exec(contact)?.[1];
    const gone = /expires[=:]\s*0\b/i.test(contact) || header(message, 'expires') === '0';
    if (gone) contacts.delete(number);
    else if (uri !== undefined) contacts.set(number, { host: from.address, port: from.port, uri });
    const kept = contacts.get(number)?.uri;
    reply(message, from, '200 OK', ...(kept === undefined ? [] : [`Contact: <${kept}>;expires=60`]));
  };
  /** Its own Via says where the response goes next. */
  const forward = (message: string, from: RemoteInfo) => {
    const line = message.slice(0, message.indexOf('\r\n'));
    const [method = '', target = ''] = line.split(' ');
    const user = /sips?:([^@]+)@/.exec(target)?.[1] ?? '';
    const inDialog = /;tag=/.test(header(message, 'to'));
    const direct = /@([\d.]+):(\d+)/.exec(target);
    const contact = contacts.get(user);
    const isMine = target.includes(`:${port}`);
    if (isMine && contact === undefined) {
      if (method !== 'ACK') reply(message, from, '404 Not Found');
      return;
    }
    const hop =
      isMine && contact !== undefined
        ? contact
        : { host: direct?.[1] ?? '', port: Number(direct?.[2]), uri: target };
    const branch = /branch=([^;\s]+)/.exec(header(message, 'via'))?.[1] ?? '';
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${branch}.p;at=${from.address}-${from.port}`;
    const route = inDialog ? [] : [`Record-Route: <sip:127.0.0.1:${port};lr>`];
    const rest = message.slice(line.length + 2).replace(/^Route:.*\r\n/gim, '');
    send([`${method} ${hop.uri} SIP/2.0`, via, ...route, rest].join('\r\n'), hop.host, hop.port);
  };
  const back = (message: string) => {
    const [, host = '', to = ''] = /^Via:.*;at=([\d.]+)-(\d+)/im.exec(message) ?? [];
    // SIPp writes all of them into one line.
    const without = (_: string, next: string) => (next === '\r\n' ? '' : 'Via: ');
    if (host !== '') send(message.replace(/^Via:[^,\r\n]*(\r\n|, *)/im, without), host, Number(to));
  };
  socket.on('message', (data, from) => {
    const message = data.toString();
    if (message.trim() === '') return;
    seen.push(message.slice(0, message.indexOf('\r\n')));
    if (lose(message)) return;
    if (message.startsWith('SIP/2.0')) back(message);
    else if (message.startsWith('REGISTER')) register(message, from);
    else forward(message, from);
  });
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  let closed: Promise<void> | undefined;
  onTestFinished(() => {
    closed ??= close();
    return closed;
  });
  return {
    host: `127.0.0.1:${port}`,
    seen,
    contacts,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
