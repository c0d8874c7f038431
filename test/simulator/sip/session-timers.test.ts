import { expect, it, onTestFinished, vi } from 'vitest';
import { readHead } from '../../../src/simulator/sip/message.ts';
import { SessionTimers, sessionOf } from '../../../src/simulator/sip/session-timers.ts';

const INVITE = (expires: string) =>
  `INVITE sip:1@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=b\r\nCSeq: 1 INVITE\r\nCall-ID: c\r\nTo: <sip:1@x>\r\nSession-Expires: ${expires}\r\n\r\n`;
const OK = 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=b\r\nCSeq: 1 INVITE\r\nCall-ID: c\r\n\r\n';

function timed() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const done: string[] = [];
  const leg = {
    refresh: () => done.push('refresh'),
    expire: () => done.push('expire'),
    update: () => 'unacceptable' as const,
  };
  const timers = new SessionTimers(
    (callId) => (callId === 'c' ? leg : undefined),
    () => '<sip:me@x>',
  );
  const agree = (expires: string) => {
    timers.receive(readHead(INVITE(expires)), INVITE(expires));
    return timers.send(readHead(OK), OK);
  };
  return { done, timers, agree };
}

it('refreshes at half of the time where the other side asks it to, again and again', () => {
  const { done, agree } = timed();
  agree('90;refresher=uas');
  vi.advanceTimersByTime(44_999);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(45_001);
  expect(done).toEqual(['refresh', 'refresh']);
});

it('gives a call up that the other side does not refresh, a third of the time early', () => {
  const { done, agree } = timed();
  agree('90');
  vi.advanceTimersByTime(59_999);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(['expire']);
});

it('waits anew after a refresh, and for nothing once the call is over', () => {
  const { done, agree, timers } = timed();
  agree('90');
  vi.advanceTimersByTime(59_000);
  agree('90');
  vi.advanceTimersByTime(59_000);
  timers.forget('c');
  vi.advanceTimersByTime(600_000);
  expect(done).toEqual([]);
});

it('says nothing if no timer was requested, or if the call is refused', () => {
  const { timers } = timed();
  expect(timers.send(readHead(OK), OK)).toBe(OK);
  timers.receive(readHead(INVITE('90')), INVITE('90'));
  const busy = OK.replace('200 OK', '486 Busy Here');
  expect(timers.send(readHead(busy), busy)).toBe(busy);
  expect(timers.send(readHead(OK), OK)).toBe(OK);
});

it.each(['', 'soon', ';refresher=uas', '-90', '0x90', '99999999999'])(
  'takes %j for no session timer',
  (text) => {
    expect(sessionOf(text)).toBeUndefined();
  },
);

it.each(['0', '1', '89;refresher=uas'])('refuses a session of %s s, and starts no timer', (expires) => {
  const { done, timers, agree } = timed();
  for (const method of ['INVITE', 'UPDATE']) {
    const request = INVITE(expires).replaceAll('INVITE', method).replace('<sip:1@x>', '<sip:1@x>;tag=a');
    const answer = timers.receive(readHead(request), request);
    expect(answer).toMatch(/^SIP\/2\.0 422 /);
    expect(answer).toContain('\r\nMin-SE: 90\r\n');
  }
  expect(agree(expires)).toBe(OK);
  vi.advanceTimersByTime(600_000);
  expect(done).toEqual([]);
});

it('refreshes once in twelve hours where a session is meant to last for years', () => {
  const { done, agree } = timed();
  expect(agree('999999999;refresher=uas')).toContain('Session-Expires: 86400;refresher=uas\r\n');
  vi.advanceTimersByTime(43_200_000 - 1);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(['refresh']);
});
