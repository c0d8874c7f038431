import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Heard, untoldValue } from '../../../src/receiver/index.ts';
import { EventLog, type Pattern, patternText } from '../../../src/scenario/play/event-log.ts';
import { reported } from './events.ts';

const WATCH = { within: 1000 };
const names = (heard: readonly Heard[] | undefined) =>
  heard?.map(({ event: { event, values } }) => [event, values['remote']].filter(Boolean).join(' '));

function logOf(...texts: string[]): EventLog {
  const log = new EventLog();
  for (const text of texts) log.add(reported(text));
  return log;
}

const hold: Pattern = { events: ['hold'] };
const ring: Pattern = { events: ['incomingCall'] };
const ringFrom = (number: string): Pattern => ({
  events: ['incomingCall'],
  where: { remote: `*${number}*` },
});

describe('never', () => {
  it.each([
    ['that lacks the value', {}],
    ['in which it is empty', { remote: '' }],
  ])('finds an event %s, because it may be the one that is meant', async (_, values) => {
    const log = new EventLog();
    log.add({ ...reported('incomingCall'), values });
    expect(await log.never(ringFrom('6040'), WATCH)).toMatchObject({ event: { event: 'incomingCall' } });
    expect(untoldValue(log.heard[0]?.event ?? reported('hold'), { remote: '*6040*' })).toBe('remote');
  });

  it('passes over one that tells another value', async () => {
    const log = logOf('incomingCall 6001');
    expect(await log.never(ringFrom('6040'), { within: 0 })).toBeUndefined();
  });
});

describe('expect', () => {
  it('finds what came before it was asked', async () => {
    expect(names(await logOf('offHook', 'hold').expect([hold], 'any', WATCH))).toEqual(['hold']);
  });

  it('reads up to what it found, and not further', async () => {
    const log = logOf('offHook', 'hold', 'unHold', 'hold');
    await log.expect([hold], 'any', WATCH);
    expect(names(log.unread)).toEqual(['unHold', 'hold']);
    await log.expect([hold], 'any', WATCH);
    expect(log.unread).toEqual([]);
  });

  it('skips events whose values do not match', async () => {
    const log = logOf('incomingCall 6003', 'incomingCall 6001');
    expect(names(await log.expect([ringFrom('6001')], 'any', WATCH))).toEqual(['incomingCall sip:6001@pbx']);
  });

  it('takes the first that comes of any', async () => {
    const log = logOf('unHold', 'incomingCall', 'hold');
    expect(names(await log.expect([hold, ring], 'any', WATCH))).toEqual(['incomingCall']);
    expect(names(log.unread)).toEqual(['hold']);
  });

  it('matches all in any order, each pattern with a separate event', async () => {
    const log = logOf('incomingCall 6001', 'hold', 'incomingCall 6003', 'unHold');
    const found = await log.expect([ring, ringFrom('6001'), hold], 'all', WATCH);
    expect(names(found)).toEqual(['incomingCall sip:6001@pbx', 'hold', 'incomingCall sip:6003@pbx']);
    expect(names(log.unread)).toEqual(['unHold']);
  });

  it('finds an event for each of all, where there is one', async () => {
    const any: Pattern = { events: ['incomingCall'], where: { remote: '*60*' } };
    const log = logOf('incomingCall 6002', 'incomingCall 6001');
    expect(await log.expect([any, ringFrom('6002')], 'all', WATCH)).toHaveLength(2);
  });

  it('uses a separate event, even if another one waits for the same', async () => {
    const log = logOf('incomingCall 6001');
    const met: string[] = [];
    const stop = new AbortController();
    const watch = { within: 3_600_000, signal: stop.signal };
    const both = ['one', 'two'].map(async (name) => {
      if ((await log.expect([ring], 'any', watch)) !== undefined) met.push(name);
    });
    await both[0];
    expect(met).toEqual(['one']);
    log.add(reported('incomingCall 6003'));
    await both[1];
    expect(met).toEqual(['one', 'two']);
  });

  it('starts parallel waits at the same point', async () => {
    const log = new EventLog();
    const both = Promise.all([log.expect([ring], 'any', WATCH), log.expect([hold], 'any', WATCH)]);
    for (const text of ['hold', 'incomingCall', 'unHold']) log.add(reported(text));
    expect((await both).map(names)).toEqual([['incomingCall'], ['hold']]);
    expect(names(log.unread)).toEqual(['unHold']);
  });
});

describe('in time', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('expect waits for later events until its deadline, and no longer', async () => {
    const log = new EventLog();
    const met = log.expect([hold], 'any', WATCH);
    await vi.advanceTimersByTimeAsync(999);
    log.add(reported('hold'));
    expect(names(await met)).toEqual(['hold']);

    const late = log.expect([hold], 'any', WATCH);
    await vi.advanceTimersByTimeAsync(1000);
    log.add(reported('hold'));
    expect(await late).toBeUndefined();
    expect(names(log.unread)).toEqual(['hold']);
  });

  it('never fails at once with what came before, and what comes in its window', async () => {
    expect(names([(await logOf('hold').never(hold, WATCH)) as Heard])).toEqual(['hold']);
    const log = new EventLog();
    const watch = log.never(hold, WATCH);
    log.add(reported('hold'));
    expect(names([(await watch) as Heard])).toEqual(['hold']);
  });

  it('never passes at the end of its window, and reads nothing', async () => {
    const log = logOf('incomingCall');
    const watch = log.never(hold, WATCH);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await watch).toBeUndefined();
    log.add(reported('hold'));
    expect(names(log.unread)).toEqual(['incomingCall', 'hold']);
  });

  it('never does not mind what was read', async () => {
    const log = logOf('hold');
    await log.expect([hold], 'any', WATCH);
    const watch = log.never(hold, WATCH);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await watch).toBeUndefined();
  });

  it('a signal ends waiting, also one that was given before, and leaves no timer', async () => {
    const log = new EventLog();
    const stop = new AbortController();
    const waiting = log.expect([hold], 'any', { ...WATCH, signal: stop.signal });
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(await log.never(hold, { ...WATCH, signal: stop.signal })).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('the text of a pattern shows no password', () => {
  const where = { remote: 'sip:6040:hunter22@pbx', line: '2' };
  expect(patternText({ events: ['hold'], where })).toBe('hold where remote=sip:…@pbx, line=2');
});
