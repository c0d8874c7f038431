import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionUrl,
  LONGEST_ACTION_URL,
  parseActionQuery,
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

  it('takes a path without a query, and only the first ? as its begin', () => {
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

describe('parseActionQuery', () => {
  it.each<[what: string, query: string, values: object]>([
    ['a plus stays', 'remote=+4930', { remote: '+4930' }],
    ['a written plus is decoded', 'remote=%2B4930', { remote: '+4930' }],
    ['letters of addresses stay', 'remote=sip:1@pbx;user=phone', { remote: 'sip:1@pbx;user=phone' }],
    ['blanks stay', 'display_remote=Anna  Lee&ip=1', { display_remote: 'Anna  Lee', ip: '1' }],
    ['UTF-8 is decoded', 'display_remote=%C3%84nn%c3%a4', { display_remote: 'Ännä' }],
    ['else Latin-1', 'display_remote=%C4nn%e4', { display_remote: 'Ännä' }],
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
    expect(parseActionQuery(query)).toEqual(values);
  });

  it('takes __proto__ for a name like any other', () => {
    const values = parseActionQuery('__proto__=x&constructor=y&mac=1');
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['mac', '1'],
    ]);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });
});

describe('actionUrl', () => {
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
        expect(parseActionRequest(url.slice(LISTENER.length))).toEqual({
          event,
          path: `/${event}Url.xml`,
          values,
        });
      }),
      { numRuns: 1000 },
    );
  });
});
