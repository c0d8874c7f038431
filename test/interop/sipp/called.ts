import { call, expects, hangUp, isAsked, pause, refused, request, scenario, sdp } from './scenario.ts';

/** SIPp calls a phone. */
export interface Called {
  readonly name: string;
  readonly scenario: string;
  /** What the phone has reported by the end. */
  readonly reports: string;
}

const TALKED =
  'idleToBusy incomingCall offHook answerNewIncomingCall established terminated onHook busyToIdle';

function row(name: string, reports: string, ...parts: readonly string[]): Called {
  return { name, reports, scenario: scenario(name, ...parts) };
}

export const CALLED: readonly Called[] = [
  row(
    'a call whose offer comes late',
    TALKED,
    request('INVITE', 1),
    expects(100, true),
    expects(180, true),
    expects(200),
    request('ACK', 1, { inside: true, body: sdp() }),
    pause(100),
    hangUp(2),
  ),
  row('no codec in common: 488', '', refused(488, { body: sdp({ codecs: { 18: 'G729/8000' } }) })),
  row('an unknown Require: 420', '', refused(420, { body: sdp(), headers: ['Require: 100rel'] })),
  row(
    'a session timer, refreshed by UPDATE and by INVITE',
    TALKED,
    call(1, {}, ['Supported: timer', 'Session-Expires: 90;refresher=uac', 'Min-SE: 90']),
    request('UPDATE', 2, { inside: true, headers: ['Session-Expires: 90;refresher=uac'] }),
    expects(200),
    call(3, {}, ['Supported: timer', 'Session-Expires: 90;refresher=uac'], true),
    hangUp(4),
  ),
  row(
    'a session timer that is required',
    TALKED,
    call(1, {}, ['Require: timer', 'Supported: timer', 'Session-Expires: 90;refresher=uac']),
    hangUp(2),
  ),
  row('OPTIONS', '', request('OPTIONS', 1), expects(200)),
  row(
    'digits by INFO',
    TALKED,
    call(1),
    request('INFO', 2, { inside: true, type: 'application/dtmf-relay', body: 'Signal=5\nDuration=160' }),
    expects(200),
    hangUp(3),
  ),
  row(
    'held by 0.0.0.0, by inactive, and resumed',
    TALKED,
    call(1),
    call(2, { address: '0.0.0.0' }, [], true),
    call(3, { direction: 'inactive' }, [], true),
    call(4, { direction: 'sendrecv' }, [], true),
    hangUp(5),
  ),
  row(
    'Replaces for an unknown call: 481',
    '',
    refused(481, { body: sdp(), headers: ['Replaces: nosuch;to-tag=1;from-tag=2'] }),
  ),
  row(
    'an answer that is never acknowledged: given up after 32 s',
    'idleToBusy incomingCall offHook answerNewIncomingCall onHook busyToIdle',
    request('INVITE', 1, { body: sdp() }),
    expects(100, true),
    expects(180, true),
    expects(200),
    isAsked('BYE', 36_000),
  ),
];
