import type { TraceEntry } from '../result.ts';

type Message = Pick<Extract<TraceEntry, { readonly kind: 'sip' }>, 'line' | 'method'>;

/** `INVITE sip:6002@10.0.0.1`, `180 Ringing (INVITE)`. */
export function sipText({ line, method }: Message): string {
  return line.startsWith('SIP/2.0 ') ? `${line.slice(8)} (${method})` : line.replace(/ SIP\/2\.0$/, '');
}
