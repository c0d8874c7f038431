import type { MessageHead } from './message.ts';
import { replyTo } from './reply.ts';

/** The methods that a phone answers; sip.js would name others, and not UPDATE. */
export const METHODS = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'NOTIFY',
  'OPTIONS',
  'REFER',
  'UPDATE',
] as const;

export const ALLOW = `Allow: ${METHODS.join(', ')}`;

/** These are part of a call, and mean nothing without one. */
const OF_CALLS = ['INFO', 'UPDATE'];

/** A call as a method finds it. */
export interface MethodCall {
  /** It has not been answered here. */
  readonly isRinging: boolean;
  /** The caller has hung up before the answer. */
  calledOff(): void;
}

/**
 * The answer to a request that sip.js would answer wrongly or not at all.
 *
 * @param call - the call that it belongs to
 */
export function answerToMethod(
  { method, inDialog }: MessageHead,
  request: string,
  call: MethodCall | undefined,
): string | undefined {
  if (!METHODS.some((known) => known === method)) {
    return replyTo(request, '405 Method Not Allowed', { headers: [ALLOW] });
  }
  if (OF_CALLS.includes(method) && (!inDialog || call === undefined)) {
    return replyTo(request, '481 Call/Transaction Does Not Exist');
  }
  // Nobody outside of a call may make the phone call somebody.
  if (method === 'REFER' && !inDialog) return replyTo(request, '403 Forbidden');
  // RFC 3261, 15: a caller may do so. sip.js would ring on.
  if (method === 'BYE' && inDialog && call?.isRinging) {
    call.calledOff();
    return replyTo(request, '200 OK');
  }
  return undefined;
}

/** The answer to a request that neither the PBX nor the other side of a call has sent: nothing is kept of it. */
export function answerToStranger(
  { status, method, branch }: MessageHead,
  request: string,
): string | undefined {
  // Without a branch it is no SIP, and might be an answer to this answer.
  if (status !== undefined || method === 'ACK' || branch === '') return undefined;
  if (method === 'OPTIONS') return replyTo(request, '200 OK', { headers: [ALLOW] });
  const isCall = method === 'INVITE' || method === 'REFER';
  return replyTo(request, isCall ? '403 Forbidden' : '481 Call/Transaction Does Not Exist');
}

/** sip.js asks for up to 10 s, but an acknowledgement that was lost comes again after half a second. */
const SOON = 'Retry-After: 1';

/** A message of sip.js, with the methods that are really answered, and no longer waits than are needed. */
export function corrected(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  const head = message.slice(0, end);
  return head.replace(/^Allow: .*$/im, ALLOW).replace(/^Retry-After: .*$/im, SOON) + message.slice(end);
}
