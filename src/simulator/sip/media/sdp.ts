/** The direction of audio in a session description. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The relevant parts of a session description: one audio stream. */
export interface Description {
  readonly address: string;
  readonly port: number;
  readonly profile: string;
  /** Payload types, in order of preference. */
  readonly payloads: readonly number[];
  readonly names: ReadonlyMap<number, string>;
  readonly direction: Direction;
}

/** A payload type has 7 bits (RFC 3550). */
const LARGEST_PAYLOAD = 127;
/** Longer descriptions are treated as hostile. */
const LONGEST = 16_384;

/** Parses a session description (RFC 4566); undefined if it offers no usable audio. */
export function readSdp(text: string): Description | undefined {
  if (text.length > LONGEST) return undefined;
  const audio = /^m=audio (\d{1,5}) (\S+) ([\d ]+)\r?$/m.exec(text);
  if (audio === null) return undefined;
  const [, port = '0', profile = '', payloads = ''] = audio;
  // A connection line of the stream overrides that of the session.
  const address = [...text.matchAll(/^c=IN IP[46] (\S+?)\r?$/gm)].at(-1)?.[1];
  if (address === undefined || Number(port) > 65_535) return undefined;
  const names = new Map([
    [0, 'PCMU/8000'],
    [8, 'PCMA/8000'],
  ]);
  for (const [, payload = '', name = ''] of text.matchAll(/^a=rtpmap:(\d{1,3}) ([^\r\n]{1,64})/gm))
    names.set(Number(payload), name.replace(/\/1$/, ''));
  const word = (/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(text)?.[1] ?? 'sendrecv') as Direction;
  return {
    address,
    port: Number(port),
    profile,
    payloads: payloads
      .trim()
      .split(/ +/)
      .map(Number)
      .filter((payload) => payload <= LARGEST_PAYLOAD),
    names,
    direction: isNowhere(address) ? without(word) : word,
  };
}

/** The old way to hold: an address to which nothing can be sent. */
function isNowhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function without(direction: Direction): Direction {
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';
}

/** The direction of the answer to an offer. */
export function answerTo(offer: Direction, held: boolean): Direction {
  if (offer === 'inactive') return 'inactive';
  if (offer === 'sendonly') return held ? 'inactive' : 'recvonly';
  if (offer === 'recvonly') return 'sendonly';
  return held ? 'sendonly' : 'sendrecv';
}

/** What we put into a session description. */
export interface Own {
  readonly address: string;
  readonly port: number;
  readonly session: number;
  readonly version: number;
  /** Payload type and name, such as `PCMA`, in order of preference. */
  readonly codecs: readonly (readonly [payload: number, name: string])[];
  /** The payload type of DTMF (RFC 4733). */
  readonly digits: number | undefined;
  readonly direction: Direction;
}

export function writeSdp(own: Own): string {
  const family = own.address.includes(':') ? 'IP6' : 'IP4';
  const digits = own.digits === undefined ? [] : [own.digits];
  return [
    'v=0',
    `o=- ${own.session} ${own.version} IN ${family} ${own.address}`,
    's=atcom',
    `c=IN ${family} ${own.address}`,
    't=0 0',
    `m=audio ${own.port} RTP/AVP ${[...own.codecs.map(([payload]) => payload), ...digits].join(' ')}`,
    ...own.codecs.map(([payload, name]) => `a=rtpmap:${payload} ${name}/8000`),
    ...digits.flatMap((payload) => [`a=rtpmap:${payload} telephone-event/8000`, `a=fmtp:${payload} 0-15`]),
    'a=ptime:20',
    `a=${own.direction}`,
    '',
  ].join('\r\n');
}
