import { describe, expect, it } from 'vitest';
import {
  findVariable,
  parseVariable,
  VARIABLE_DEFINITIONS,
  VARIABLE_NAMES,
} from '../../src/protocol/variables.ts';
import { failure } from './failure.ts';

const named = (source: string) =>
  VARIABLE_DEFINITIONS.filter((row) => row.source === source).map(({ name }) => name);

describe('the variables', () => {
  it('are those of the table of the document, in its order', () => {
    expect(named('table')).toEqual(
      (
        'mac ip model active_url active_user active_host local remote ' +
        'display_local display_remote call_id caller_id'
      ).split(' '),
    );
  });

  it('and those of its examples', () => {
    expect(named('example')).toEqual(['firmware', 'called_number']);
  });

  it('and its slips, each for one of the table', () => {
    const slips = VARIABLE_DEFINITIONS.filter(({ source }) => source === 'slip');
    expect(slips.map(({ name, meant }) => [name, meant])).toEqual([
      ['action_url', 'active_url'],
      ['action_user', 'active_user'],
      ['action_host', 'active_host'],
      ['caller_ID', 'caller_id'],
    ]);
    for (const { meant = '' } of slips) expect(findVariable(meant)?.source).toBe('table');
  });

  it('have names that no other has', () => {
    const names = VARIABLE_DEFINITIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('findVariable takes exact names only', () => {
  expect(findVariable('mac')?.description).toContain('MAC');
  expect(['MAC', '$mac', '', '__proto__'].map(findVariable)).toEqual(Array(4).fill(undefined));
});

describe('parseVariable', () => {
  it('takes each that a phone fills in, with and without $', () => {
    expect(VARIABLE_NAMES).toHaveLength(14);
    for (const name of VARIABLE_NAMES) {
      expect([name, `$${name}`, ` ${name} `].map(parseVariable)).toEqual([name, name, name]);
    }
  });

  it.each([
    ['action_url', 'did you mean active_url?'],
    ['caller_ID', 'did you mean caller_id?'],
    ['$remot', 'did you mean remote?'],
    ['colour', `there are ${VARIABLE_NAMES.join(', ')}`],
  ])('%s: %s', (text, hint) => {
    expect(failure(() => parseVariable(text))).toMatchObject({ code: 'usage', hint });
  });
});
