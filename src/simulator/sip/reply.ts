import { headerOf, headOf } from './message.ts';

/** What an answer has besides the headers of its request. */
export interface ReplyFacts {
  readonly headers?: readonly string[];
  /** A session description. */
  readonly body?: string;
}

/** The answer to a request that sip.js does not see. */
export function replyTo(
  request: string,
  status: string,
  { headers = [], body = '' }: ReplyFacts = {},
): string {
  const to = headerOf(request, 'to', 't');
  return [
    `SIP/2.0 ${status}`,
    ...headOf(request)
      .split('\r\n')
      .filter((line) => /^(via|v|from|f|call-id|i|cseq)\s*:/i.test(line)),
    `To: ${to}${/;\s*tag=/i.test(to) ? '' : `;tag=${TAG}`}`,
    ...headers,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** Of an answer that begins no dialog. */
const TAG = 'none';
