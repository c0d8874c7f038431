import { describe, expect, it } from 'vitest';
import { EVENT_DEFINITIONS, findEvent, parseEvent } from '../../src/protocol/events.ts';
import { findVariable } from '../../src/protocol/variables.ts';
import { PAGE } from './events-document.ts';
import { failure } from './failure.ts';

const NAMES = EVENT_DEFINITIONS.flatMap(({ event, also = [] }) => [event, ...also]);

describe('the events', () => {
  it('are those of the page, in its order', () => {
    expect(EVENT_DEFINITIONS.map(({ event, label }) => [event, label])).toEqual(PAGE);
  });

  it('have names that no other event has, whatever the case and with or without Url', () => {
    const bare = NAMES.map((name) => name.toLowerCase().replace(/url$/, ''));
    expect(bare.filter((name, index) => bare.indexOf(name) !== index)).toEqual([]);
  });

  it('are described in words that follow "the phone …"', () => {
    expect(EVENT_DEFINITIONS.filter(({ when }) => !/^[a-z-]+ .*[^.\s]$/.test(when))).toEqual([]);
  });

  it('have variables of the table, each once, without those that name the phone', () => {
    for (const { variables = [] } of EVENT_DEFINITIONS) {
      expect(variables.filter((name) => findVariable(name)?.source === 'slip')).toEqual([]);
      expect(new Set([...variables, 'mac', 'ip']).size).toBe(variables.length + 2);
    }
  });

  it('keep what the other side can write behind everything else', () => {
    for (const { variables = [] } of EVENT_DEFINITIONS.filter((row) => row.variables?.includes('remote'))) {
      expect(variables.slice(-2)).toEqual(['remote', 'display_remote']);
    }
  });
});

describe('findEvent', () => {
  it.each(NAMES)('knows %s in any case, with and without Url and .xml', (name) => {
    const event = findEvent(name);
    expect(event).toBeDefined();
    for (const spelling of [name, `${name}Url`, `${name}.xml`, `${name}Url.xml`]) {
      expect([spelling, spelling.toLowerCase(), spelling.toUpperCase()].map(findEvent)).toEqual(
        Array(3).fill(event),
      );
    }
  });

  it.each([
    '',
    'url',
    '.xml',
    'Url.xml',
    'hold.json',
    'holdUrl.xml.xml',
    'holdUrlUrl',
    '__proto__',
    'toString',
    ' hold',
  ])('knows no %j', (name) => {
    expect(findEvent(name)).toBeUndefined();
  });
});

describe('parseEvent', () => {
  it.each([
    ['incomingcall', 'incomingCall'],
    [' misssedCallUrl.xml ', 'missedCall'],
    ['ipchanged', 'IPChanged'],
  ])('%j is %s', (text, event) => {
    expect(parseEvent(text)).toBe(event);
  });

  it.each([
    ['incommingCall', ['incomingCall']],
    ['transfered', []],
    ['hodl', ['hold']],
    ['', []],
  ])('%j is none, but perhaps %j', (input, suggestions) => {
    expect(failure(() => parseEvent(input))).toMatchObject({
      code: 'unknown-event',
      details: { input, suggestions },
    });
  });
});
