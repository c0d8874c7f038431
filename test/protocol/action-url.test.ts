import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ActionUrlRules,
  actionUrl,
  actionUrls,
  LONGEST_ACTION_URL,
  newActionReader,
  parseActionRequest,
} from '../../src/protocol/action-url.ts';
import { EVENT_DEFINITIONS } from '../../src/protocol/events.ts';
import { VARIABLE_NAMES } from '../../src/protocol/variables.ts';
import { text } from './arbitraries.ts';
import { CAPTURED, EXAMPLES, PAGE } from './events-document.ts';

const LISTENER = 'http://172.16.0.184:8088';
const events = fc.constantFrom(...EVENT_DEFINITIONS.map(({ event }) => event));

/** As a phone does it: each variable is replaced by its value as it is, an unknown one by nothing. */
function expand(url: string, values: Readonly<Record<string, string>>): string {
  return url.replace(/\$(\w+)/g, (_, name) => values[name] ?? '');
}

const valuesOf = (query: string, rules: ActionUrlRules = {}) =>
  newActionReader(rules)(`/hold?${query}`)?.values ?? {};

describe('the document', () => {
  it('has an example of every event', () => {
    expect([...new Set(EXAMPLES.map(([event]) => event))]).toEqual(PAGE.map(([event]) => event));
  });

  it.each(EXAMPLES)('%s: %s is understood, in any case', (event, url) => {
    const target = url.slice(url.indexOf('/', 'http://'.length));
    const [path = '', query = ''] = target.split('?');
    const cased = [path, path.toLowerCase(), path.toUpperCase(), `/deep/er${path}`];
    for (const one of cased) {
      expect(parseActionRequest(`${one}?${query}`)).toMatchObject({ event, path: one });
    }
    expect(Object.entries(parseActionRequest(target)?.values ?? {})).toEqual(
      query.split('&').map((part) => part.split('=')),
    );
  });

  it('has 18 captured requests', () => {
    expect(new Set(CAPTURED.map(([, line]) => line)).size).toBe(18);
  });

  it.each(CAPTURED)('%s: %s is understood', (event, line) => {
    const [, target = ''] = line.split(' ');
    const [path, query = ''] = target.split('?');
    const values = Object.fromEntries(query.split('&').map((part) => part.split('=')));
    expect(parseActionRequest(target)).toEqual({ event, path, values });
  });
});

describe('parseActionRequest', () => {
  it.each([
    '',
    '/',
    '/?mac=1',
    '/favicon.ico',
    '/hold/x',
    '/holdUrl.xml/',
    '?hold',
    '/help/xml?hold=$mac',
    '*',
  ])('finds no event in %j', (target) => {
    expect(parseActionRequest(target)).toBeUndefined();
  });

  it('takes no more values than a phone can send, so that nobody fills the memory with their names', () => {
    const query = Array.from({ length: 1000 }, (_, index) => `v${index}=${index}`).join('&');
    const values = parseActionRequest(`/hold?mac=1&${query}`)?.values ?? {};
    expect(Object.keys(values)).toEqual(['mac', ...Array.from({ length: 99 }, (_, index) => `v${index}`)]);
  });

  it('accepts a path without a query, and only the first ? starts the query', () => {
    expect(parseActionRequest('/holdUrl.xml')).toEqual({ event: 'hold', path: '/holdUrl.xml', values: {} });
    expect(parseActionRequest('/hold?remote=a?b')?.values).toEqual({ remote: 'a?b' });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' }), fc.webUrl()), events, (any, event) => {
        parseActionRequest(any);
        expect(parseActionRequest(`/${event}?${any}`)?.event).toBe(event);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the query', () => {
  it.each<[what: string, query: string, values: object]>([
    ['a plus stays', 'remote=+4930', { remote: '+4930' }],
    ['a written plus is decoded', 'remote=%2B4930', { remote: '+4930' }],
    ['letters of addresses stay', 'remote=sip:1@pbx;user=phone', { remote: 'sip:1@pbx;user=phone' }],
    ['blanks stay', 'display_remote=Anna  Lee&ip=1', { display_remote: 'Anna  Lee', ip: '1' }],
    ['UTF-8 is decoded', 'display_remote=%C3%84nn%c3%a4', { display_remote: 'Ännä' }],
    ['else windows-1252', 'display_remote=%C4nn%e4 %80', { display_remote: 'Ännä €' }],
    ['raw bytes are as escaped ones', 'a=\xc3\x84&b=\xc4&c=%c3\x84', { a: 'Ä', b: 'Ä', c: 'Ä' }],
    ['text that was decoded already stays', 'a=Иван%20Ä', { a: 'Иван Ä' }],
    ['one that is no UTF-8 harms no other', 'a=%E4%C3%84&b=%C3%84&c=%E4', { a: 'äÃ„', b: 'Ä', c: 'ä' }],
    ['a byte order mark stays', 'a=%EF%BB%BFx', { a: '\ufeffx' }],
    ['an & as XML has it', 'mac=80&amp;ip=1&amp;remote=x', { mac: '80', ip: '1', remote: 'x' }],
    [
      'an & as XML has it by number',
      'mac=80&#38;ip=1&#x26;a=2&#038;b=3',
      { mac: '80', ip: '1', a: '2', b: '3' },
    ],
    ['an & that was escaped twice', 'mac=80&amp;amp;ip=1', { mac: '80', ip: '1' }],
    ['an &amp; within a name', 'display_remote=AT&amp;T&ip=1', { display_remote: 'AT&amp;T', ip: '1' }],
    ['a broken % stays', 'a=100%&b=%zz&c=%4&d=%', { a: '100%', b: '%zz', c: '%4', d: '%' }],
    ['decoding is done once', 'a=%2541', { a: '%41' }],
    ['a written & does not separate', 'a=1%26b=2', { a: '1&b=2' }],
    [
      'an & in a name',
      'display_remote=Smith & Sons&call_id=7',
      { display_remote: 'Smith & Sons', call_id: '7' },
    ],
    ['an & in a word', 'display_remote=AT&T&mac=80:82', { display_remote: 'AT&T', mac: '80:82' }],
    ['an & at the end', 'display_remote=A&&mac=80:82&', { display_remote: 'A&', mac: '80:82&' }],
    ['the first counts', 'mac=80&remote=x&mac=evil', { mac: '80', remote: 'x' }],
    ['an empty value', 'mac=&ip=1', { mac: '', ip: '1' }],
    ['no value at all', 'mac', {}],
    ['no name', '=1&mac=2', { mac: '2' }],
    ['nothing', '', {}],
  ])('%s', (_, query, values) => {
    expect(valuesOf(query)).toEqual(values);
  });

  it('takes __proto__ for a name like any other', () => {
    const values = valuesOf('__proto__=x&constructor=y&mac=1');
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['mac', '1'],
    ]);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });
});

describe('values that are not UTF-8', () => {
  it.each([
    ['windows-1251', 'Иван Петров', [0xc8, 0xe2, 0xe0, 0xed, 0x20, 0xcf, 0xe5, 0xf2, 0xf0, 0xee, 0xe2]],
    ['koi8-r', 'Иван', [0xe9, 0xd7, 0xc1, 0xce]],
    ['iso-8859-2', 'Łódź', [0xa3, 0xf3, 0x64, 0xbc]],
    ['shift_jis', '山田', [0x8e, 0x52, 0x93, 0x63]],
    ['gb18030', '王伟', [0xcd, 0xf5, 0xce, 0xb0]],
    ['big5', '王', [0xa4, 0xfd]],
    ['euc-kr', '김', [0xb1, 0xe8]],
  ])('are read as %s says', (encoding, name, bytes) => {
    const raw = String.fromCharCode(...bytes).replaceAll(' ', '%20');
    const written = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    const utf8 = encodeURIComponent('Zoë Ж');
    for (const value of [raw, written]) {
      expect(valuesOf(`a=${value}&b=${utf8}&c=plain`, { encoding })).toEqual({
        a: name,
        b: 'Zoë Ж',
        c: 'plain',
      });
    }
  });

  it.each(['nonsense', '', 'utf-99', 'replacement'])('%j is not an encoding', (encoding) => {
    expect(() => newActionReader({ encoding })).toThrow(/is not an encoding/);
  });
});

describe("the user's own paths", () => {
  const events = { incomingCall: '/api/ring', hold: ['/api/hold', '/api/pause/'] };
  const read = newActionReader({ events });

  it.each([
    ['/api/ring?mac=1', 'incomingCall'],
    ['/API/Ring/', 'incomingCall'],
    ['http://172.16.0.184:8088/api/ring', 'incomingCall'],
    ['/api/hold', 'hold'],
    ['/api/pause', 'hold'],
    ['/muteUrl.xml', 'mute'],
    ['/deep/api/ring', undefined],
    ['/api/ring/x', undefined],
    ['/', undefined],
    ['', undefined],
  ])('%s reports %s', (target, event) => {
    expect(read(target)?.event).toBe(event);
  });

  it('go before those of the document, and both before the query', () => {
    expect(read('/api/ring?event=hold')?.event).toBe('incomingCall');
    // A caller's name must not make another event of it.
    expect(read('/missedCallUrl.xml?display_remote=x&event=hold')?.event).toBe('missedCall');
    expect(read('/any?event=hold&display_remote=x&event=mute')).toEqual({
      event: 'hold',
      path: '/any',
      values: { event: 'hold', display_remote: 'x' },
    });
    expect(read('/?event=INCOMINGcallurl')?.event).toBe('incomingCall');
    expect(read('/any?event=nonsense')).toBeUndefined();
  });

  it.each<[object, RegExp]>([
    [{ incomingCall: 'api/ring' }, /incomingCall: "api\/ring" is not a path/],
    [{ incomingCall: '/' }, /is not a path/],
    [{ incomingCall: '/a?b' }, /is not a path/],
    [{ incomingCall: '/a b' }, /is not a path/],
    [{ incomingCall: '/$mac' }, /is not a path/],
    [{ incomingCall: '/holdUrl.xml' }, /incomingCall: \/holdUrl.xml is the path of hold/],
    [{ incomingCall: '/a', hold: ['/b', '/A/'] }, /hold: \/A\/ is the path of incomingCall/],
    [{ incomingCal: '/a' }, /there is no event "incomingCal"/],
  ])('%j is an error', (wrong, message) => {
    expect(() => newActionReader({ events: wrong })).toThrow(message);
  });

  it('are what is entered on the page', () => {
    expect(actionUrl(LISTENER, 'incomingCall', ['mac'], { events })).toBe(`${LISTENER}/api/ring?mac=$mac`);
    expect(actionUrl(LISTENER, 'hold', [], { events })).toBe(`${LISTENER}/api/hold`);
    expect(actionUrl(LISTENER, 'mute', [], { events })).toBe(`${LISTENER}/muteUrl.xml`);
  });
});

describe('actionUrl', () => {
  it('has the secret of the listener before everything that a caller can write', () => {
    expect(actionUrl(LISTENER, 'hold', ['mac'], { token: 's3cret-s3cret' })).toBe(
      `${LISTENER}/holdUrl.xml?token=s3cret-s3cret&mac=$mac`,
    );
  });

  it.each([
    ['openDND', undefined, '/openDNDUrl.xml?mac=$mac&ip=$ip'],
    ['setupCompleted', undefined, '/setupCompletedUrl.xml?mac=$mac&ip=$ip&model=$model&firmware=$firmware'],
    [
      'incomingCall',
      undefined,
      '/incomingCallUrl.xml?mac=$mac&ip=$ip&local=$local&call_id=$call_id&remote=$remote&display_remote=$display_remote',
    ],
    ['IPChanged', ['mac'], '/IPChangedUrl.xml?mac=$mac'],
    ['hold', [], '/holdUrl.xml'],
  ] as const)('%s with %j', (event, variables, rest) => {
    expect(actionUrl(LISTENER, event, variables)).toBe(`${LISTENER}${rest}`);
    expect(actionUrl(`${LISTENER}//`, event, variables)).toBe(`${LISTENER}${rest}`);
  });

  it('fits into a field of the page, whatever the event', () => {
    // The longest host name that DNS allows, with a port and a folder.
    const listener = `https://${Array(4).fill('a'.repeat(62)).join('.')}:65535/atcom`;
    for (const { event } of EVENT_DEFINITIONS) {
      expect(actionUrl(listener, event).length).toBeLessThanOrEqual(LONGEST_ACTION_URL);
    }
  });

  it('names its event and gives the values back, as long as no value holds &name= or an escape', () => {
    const value = fc
      .oneof(text, fc.string({ unit: 'binary', maxLength: 20 }))
      .map((one) => Buffer.from(one).toString())
      .filter((one) => !/&[a-z_][\w.-]*=/i.test(one) && !/%[0-9a-f]{2}/i.test(one));
    const chosen = fc
      .subarray([...VARIABLE_NAMES])
      .chain((names) =>
        fc.tuple(fc.constant(names), fc.array(value, { minLength: names.length, maxLength: names.length })),
      );
    fc.assert(
      fc.property(events, chosen, (event, [names, given]) => {
        const values = Object.fromEntries(names.map((name, index) => [name, given[index] ?? '']));
        const url = expand(actionUrl(LISTENER, event, names), values);
        const bytes = Buffer.from(url.slice(LISTENER.length), 'utf8').toString('latin1');
        expect(parseActionRequest(bytes)).toEqual({
          event,
          path: `/${event}Url.xml`,
          values,
        });
      }),
      { numRuns: 1000 },
    );
  });
});

it('URLs for all events have what a listener requires', () => {
  expect(Object.entries(actionUrls('http://x'))).toEqual(
    EVENT_DEFINITIONS.map(({ event }) => [event, actionUrl('http://x', event)]),
  );
  const own = actionUrls('http://x', { token: 's3cret.s3cret', events: { hold: '/h' } });
  expect(own).toMatchObject({
    hold: 'http://x/h?token=s3cret.s3cret&mac=$mac&ip=$ip&local=$local&call_id=$call_id&remote=$remote&display_remote=$display_remote',
    onHook: 'http://x/onHookUrl.xml?token=s3cret.s3cret&mac=$mac&ip=$ip',
  });
});
