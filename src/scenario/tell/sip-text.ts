import type { CallAudio, TraceEntry } from '../result.ts';

/** A message between a phone and its PBX. */
export type SipEntry = Extract<TraceEntry, { readonly kind: 'sip' }>;

/** `INVITE sip:6002@10.0.0.1`, `180 Ringing (INVITE)`. */
export function sipText({ line, method }: Pick<SipEntry, 'line' | 'method'>): string {
  return line.startsWith('SIP/2.0 ') ? `${line.slice(8)} (${method})` : line.replace(/ SIP\/2\.0$/, '');
}

/** `b and 6001: PCMA, 52 packets sent, 50 received, 0 lost, jitter 0.8 ms; last heard: 500 Hz, that is a's tone, 46 dB`. */
export function audioLine({ role, remote, codec, sent, received, lost, jitter, heard }: CallAudio): string {
  const how = codec === undefined ? 'no audio was agreed on' : codec;
  return `${role} and ${remote}: ${how}, ${sent} packets sent, ${received} received, ${lost} lost, jitter ${jitter} ms; last heard: ${heard}`;
}
