import { answer, isAsked, pause, scenario, sdp } from './scenario.ts';

/** A phone calls SIPp. */
export interface Calls {
  readonly name: string;
  readonly scenario: string;
  /** Keys to press, each after an event was reported: `['established', 'ENDCALL']`. */
  readonly presses: readonly (readonly [event: string, keys: string])[];
  readonly reports: string;
}

const BUSY = 'offHook idleToBusy outgoingCall remoteBusy onHook busyToIdle';
const NOBODY = 'offHook idleToBusy outgoingCall callRemoteCanceled onHook busyToIdle';
const TALKED = 'offHook idleToBusy outgoingCall established terminated onHook busyToIdle';

/** Final responses, and what they mean for a caller. */
const FINAL: readonly (readonly [status: string, reports: string])[] = [
  ['404 Not Found', BUSY],
  ['408 Request Timeout', NOBODY],
  ['480 Temporarily Unavailable', NOBODY],
  ['484 Address Incomplete', BUSY],
  ['486 Busy Here', BUSY],
  ['487 Request Terminated', NOBODY],
  ['488 Not Acceptable Here', BUSY],
  ['500 Server Error', BUSY],
  ['503 Service Unavailable', BUSY],
  ['600 Busy Everywhere', BUSY],
  ['603 Decline', BUSY],
  ['607 Unwanted', BUSY],
];

function row(name: string, reports: string, presses: Calls['presses'], ...parts: readonly string[]): Calls {
  return { name, reports, presses, scenario: scenario(name, isAsked('INVITE'), ...parts) };
}

const ANSWERED = [answer('200 OK', { body: sdp() }), isAsked('ACK')];
const HUNG_UP = [isAsked('BYE'), answer('200 OK', { inside: true })];
const HELD = [isAsked('INVITE'), answer('200 OK', { body: sdp(), inside: true }), isAsked('ACK')];

export const CALLS: readonly Calls[] = [
  ...FINAL.map(([status, reports]) =>
    row(`turned down: ${status}`, reports, [], answer('180 Ringing'), answer(status), isAsked('ACK')),
  ),
  row('never answered: given up after 32 s', NOBODY, [], pause(33_000)),
  row(
    'early media, then an answer',
    TALKED,
    [['established', 'ENDCALL']],
    answer('183 Session Progress', { body: sdp() }),
    pause(100),
    answer('180 Ringing'),
    ...ANSWERED,
    ...HUNG_UP,
  ),
  row(
    'a BYE for an unknown call: 481',
    TALKED,
    [['established', 'ENDCALL']],
    answer('180 Ringing'),
    ...ANSWERED,
    isAsked('BYE'),
    answer('481 Call/Transaction Does Not Exist', { inside: true }),
  ),
  row(
    'a hold that is refused, a transfer that is refused',
    'offHook idleToBusy outgoingCall established transferCall blindTransfer transferFailed terminated onHook busyToIdle',
    [
      ['established', 'TRANSFER;6003;BLIND'],
      ['transferFailed', 'ENDCALL'],
    ],
    ...ANSWERED,
    isAsked('INVITE'),
    answer('488 Not Acceptable Here', { inside: true }),
    isAsked('ACK'),
    isAsked('REFER'),
    answer('603 Decline', { inside: true }),
    ...HUNG_UP,
  ),
  row(
    'a transfer of which nothing more is heard',
    'offHook idleToBusy outgoingCall established hold transferCall blindTransfer terminated onHook busyToIdle',
    [
      ['established', 'TRANSFER;6003'],
      ['hold', 'BLIND'],
      ['blindTransfer', 'ENDCALL'],
    ],
    ...ANSWERED,
    ...HELD,
    isAsked('REFER'),
    answer('202 Accepted', { inside: true }),
    ...HUNG_UP,
  ),
  row(
    'a call that ends at the other side',
    TALKED,
    [],
    answer('180 Ringing'),
    answer('200 OK', { body: sdp() }),
    `<recv request="ACK"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
</action></recv>`,
    `<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$to]
To:[$from]
[last_Call-ID:]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>`,
    '<recv response="200"/>',
  ),
];
