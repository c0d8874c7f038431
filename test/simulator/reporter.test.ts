import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventName } from '../../src/protocol/events.ts';
import { newActionUrls } from '../../src/simulator/action-urls.ts';
import { newReporter } from '../../src/simulator/reporter.ts';
import type { VariableValues } from '../../src/simulator/template.ts';
import { identityOf, valuesOf } from '../../src/simulator/values.ts';
import { closedPort } from '../support/raw-server.ts';
import { newBench } from './helpers.ts';
import { eventOf, HANG, listener, OK, type Play } from './listener.ts';

/** A reporter of an idle phone, with a promise of its failures. */
function reporting(
  url: string,
  { limit = 5000, ...hostile }: Partial<VariableValues> & { limit?: number } = {},
) {
  const { station, phone } = newBench(1);
  const failures: string[] = [];
  const waiting: (() => void)[] = [];
  const reporter = newReporter({
    urls: newActionUrls({ '*': url }),
    valuesOf: (happening) => ({
      ...valuesOf(happening, phone('6001'), identityOf(0, '127.0.0.1', 80), station('6001').line),
      ...hostile,
    }),
    onFailure: (event, reason) => {
      failures.push(`${event} ${reason}`);
      for (const tell of waiting.splice(0)) tell();
    },
    limit,
  });
  onTestFinished(reporter.close);
  const report = (...kinds: readonly EventName[]) => {
    for (const kind of kinds) reporter.report({ phone: '6001', kind });
  };
  const failure = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { reporter, report, failures, failure };
}

describe('reports', () => {
  it('go one after the other, each once the last was answered', async () => {
    const open: (() => void)[] = [];
    let most = 0;
    const slow: Play = (socket, target) => {
      open.push(() => OK(socket, target));
      most = Math.max(most, open.length);
      // Answered two turns of the loop later, so that a second connection would be seen.
      setImmediate(() => setImmediate(() => open.shift()?.()));
    };
    const heard = await listener(slow);
    const { report, reporter } = reporting(heard.url);
    const wanted = ['offHook', 'idleToBusy', 'outgoingCall', 'remoteBusy', 'onHook', 'busyToIdle'] as const;
    report(...wanted);
    await heard.until((targets) => targets.length === wanted.length);
    expect(heard.targets.map(eventOf)).toEqual(wanted);
    expect(most).toBe(1);
    expect(reporter.counts).toEqual({ sent: wanted.length - 1, failed: 0, dropped: 0 });
  });

  it('are settled once they have been answered, have failed, or were dropped', async () => {
    const { url } = await listener(HANG);
    const { report, reporter, failures } = reporting(url, { limit: 50 });
    await reporter.settled();
    report('offHook', 'onHook');
    await reporter.settled();
    expect(failures).toEqual(['offHook no answer in time', 'onHook no answer in time']);
    report('hold', 'unHold');
    const settled = reporter.settled();
    reporter.close();
    await settled;
    expect(reporter.counts).toEqual({ sent: 0, failed: 2, dropped: 2 });
  });

  it('that hang are given up, and the next goes on', async () => {
    const heard = await listener((socket, target) =>
      (eventOf(target) === 'offHook' ? HANG : OK)(socket, target),
    );
    const { report, failures, reporter } = reporting(heard.url, { limit: 50 });
    report('offHook', 'onHook');
    await heard.until((targets) => targets.length === 2);
    expect(heard.targets.map(eventOf)).toEqual(['offHook', 'onHook']);
    expect(failures).toEqual(['offHook no answer in time']);
    expect(reporter.counts.failed).toBe(1);
  });

  it.each([
    ['silence', '', 'closed without an answer'],
    ['an error', 'HTTP/1.1 500 Oh\r\n\r\n', 'answered 500'],
    ['a redirect, which is not followed', 'HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n', 'answered 302'],
    ['something else', 'SIP/2.0 200 OK\r\n\r\n', 'no HTTP'],
  ])('that are answered with %s have failed, and the next goes on', async (_, answer, reason) => {
    const heard = await listener((socket) => socket.end(answer));
    const { report, failure, failures } = reporting(heard.url);
    report('offHook', 'onHook');
    await failure();
    await failure();
    expect(failures).toEqual([`offHook ${reason}`, `onHook ${reason}`]);
    expect(heard.targets).toHaveLength(2);
  });

  it('count as sent as soon as a status says so, even if nothing else ends well', async () => {
    const cut: Play = (socket) => socket.write('HTTP/1.0 204 No', () => socket.destroy());
    const heard = await listener((socket, target) =>
      (eventOf(target) === 'offHook' ? cut : OK)(socket, target),
    );
    const { report, reporter } = reporting(heard.url);
    report('offHook', 'onHook');
    await heard.until((targets) => targets.length === 2);
    expect(reporter.counts).toMatchObject({ sent: 1, failed: 0 });
  });

  it('without a listener are counted', async () => {
    const { report, failure, failures, reporter } = reporting(`http://127.0.0.1:${await closedPort()}`);
    report('offHook');
    await failure();
    expect(failures).toEqual(['offHook ECONNREFUSED']);
    expect(reporter.counts).toEqual({ sent: 0, failed: 1, dropped: 0 });
  });

  it('wait in a queue of 200, and the rest is dropped', async () => {
    const heard = await listener(HANG);
    const { report, reporter, failures } = reporting(heard.url);
    report(...Array<EventName>(1000).fill('openDND'));
    expect(reporter.counts).toEqual({ sent: 0, failed: 0, dropped: 799 });
    expect(failures.at(-1)).toBe('openDND too many reports wait');
    reporter.close();
    expect(reporter.counts.dropped).toBe(1000);
    report('openDND');
    reporter.close();
    expect(reporter.counts.dropped).toBe(1000);
  });

  it('stop on the wire when they are closed, and nothing more is reported', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const heard = await listener((socket) => socket.once('close', ended));
    const { report, reporter, failures } = reporting(heard.url);
    report('offHook', 'onHook');
    await heard.until((targets) => targets.length === 1);
    reporter.close();
    await end;
    expect(heard.targets).toHaveLength(1);
    expect(failures).toEqual([]);
    expect(reporter.counts).toEqual({ sent: 0, failed: 0, dropped: 2 });
  });

  it('are one request each, whatever a caller calls himself', async () => {
    const heard = await listener();
    const display_remote =
      'Eve\r\nX-Evil: 1\r\n\r\nGET /onHookUrl.xml?mac=80:82:87:00:00:02 HTTP/1.0\r\n\r\n\0';
    const { report } = reporting(heard.url, { display_remote });
    report('incomingCall', 'offHook');
    await heard.until((targets) => targets.length === 2);
    expect(heard.targets.map(eventOf)).toEqual(['incomingCall', 'offHook']);
    expect(heard.requests[0]?.split('\r\n')).toHaveLength(4);
    expect(heard.requests[0]).toContain('&display_remote=EveX-Evil: 1GET /onHookUrl.xml');
  });
});
