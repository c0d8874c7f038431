/** Parts of SIPp scenarios, and how to assemble them. SIPp fills in what is in square brackets. */
export function scenario(name: string, ...parts: readonly string[]): string {
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${parts.join('\n')}\n</scenario>\n`;
}

export interface Offer {
  /** The address of the connection line. */
  readonly address?: string;
  /** Payload types and their names. */
  readonly codecs?: Readonly<Record<number, string>>;
  readonly direction?: string;
}

const CODECS = { 8: 'PCMA/8000', 101: 'telephone-event/8000' };

/** A session description. */
export function sdp({ address = '[media_ip]', codecs = CODECS, direction }: Offer = {}): string {
  return [
    'v=0',
    'o=sipp 1 1 IN IP[local_ip_type] [local_ip]',
    's=-',
    `c=IN IP[media_ip_type] ${address}`,
    't=0 0',
    `m=audio [media_port] RTP/AVP ${Object.keys(codecs).join(' ')}`,
    ...Object.entries(codecs).map(([payload, name]) => `a=rtpmap:${payload} ${name}`),
    ...(direction === undefined ? [] : [`a=${direction}`]),
  ].join('\n');
}

export interface Message {
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly type?: string;
}

function lines(first: readonly string[], { headers = [], body = '', type = 'application/sdp' }: Message) {
  const content = body === '' ? [] : [`Content-Type: ${type}`];
  return `<![CDATA[\n${[...first, ...headers, ...content, 'Content-Length: [len]', '', body].join('\n')}\n]]>`;
}

/** A request to the phone; `inside` a dialog or not. */
export function request(method: string, sequence: number, message: Message & { inside?: boolean } = {}) {
  const first = [
    `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]',
    `To: <sip:[service]@[remote_ip]:[remote_port]>${message.inside ? '[peer_tag_param]' : ''}`,
    'Call-ID: [call_id]',
    `CSeq: ${sequence} ${method}`,
    'Contact: sip:sipp@[local_ip]:[local_port]',
    'Max-Forwards: 70',
  ];
  return `<send${method === 'ACK' ? '' : ' retrans="500"'}>${lines(first, message)}</send>`;
}

/** A response to the phone; `inside` if its request was in a dialog. */
export function answer(status: string, message: Message & { inside?: boolean } = {}): string {
  const first = [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    `[last_To:]${message.inside ? '' : ';tag=[pid]SIPpTag01[call_number]'}`,
    '[last_Record-Route:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:6002@[local_ip]:[local_port]>',
  ];
  return `<send>${lines(first, message)}</send>`;
}

export function expects(status: number, optional = false): string {
  return `<recv response="${status}"${optional ? ' optional="true"' : ''}/>`;
}

export function isAsked(method: string, timeout = 8000): string {
  return `<recv request="${method}" rrs="true" timeout="${timeout}"/>`;
}

export function pause(milliseconds: number): string {
  return `<pause milliseconds="${milliseconds}"/>`;
}

/** An offer, up to the phone's answer. */
export function call(
  sequence: number,
  offer?: Offer,
  headers: readonly string[] = [],
  inside = false,
): string {
  return [
    request('INVITE', sequence, { body: sdp(offer), headers, inside }),
    expects(100, true),
    ...(inside ? [] : [expects(180, true)]),
    expects(200),
    request('ACK', sequence, { inside: true }),
  ].join('\n');
}

/** Declined by the phone. */
export function refused(status: number, message: Message): string {
  return [
    request('INVITE', 1, message),
    expects(100, true),
    expects(180, true),
    expects(status),
    request('ACK', 1, { inside: true }),
  ].join('\n');
}

export function hangUp(sequence: number): string {
  return [request('BYE', sequence, { inside: true }), expects(200)].join('\n');
}
