import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/index.ts';
import { isAtcomError } from '../../src/errors.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import type { TargetWords } from '../../src/targets/resolve.ts';
import { resolveTargets } from '../../src/targets/resolve.ts';

const PHONES: readonly PhoneSettings[] = [
  { name: 'reception', host: '172.16.0.57', model: 'A48' },
  { name: 'lobby', host: '172.16.0.37' },
  { name: 'lab', host: '172.16.0.60:8080', scheme: 'https' },
];

type Given = Pick<Config, 'phones' | 'groups' | 'defaultTarget'>;

function config(extra: Partial<Given> = {}): Given {
  const phones = new Map(PHONES.map((phone) => [phone.name ?? '', phone]));
  const none = new Map<string, string>();
  return { phones, groups: none, ...extra };
}

const namesOf = (words: TargetWords, given = config()) =>
  resolveTargets(words, given).phones.map(({ name, host }) => name ?? host);

describe('targets', () => {
  it.each<[string, TargetWords, string[]]>([
    ['a name', { to: ['reception'] }, ['reception']],
    ['a comma list, with blanks', { to: ['reception, lobby'] }, ['reception', 'lobby']],
    ['--to repeated', { to: ['lobby', 'reception'] }, ['lobby', 'reception']],
    ['a phone named twice', { to: ['lobby,lobby', 'lobby'] }, ['lobby']],
    ['a phone by name and by its address', { to: ['lobby,172.16.0.37'] }, ['lobby']],
    ['an address that a phone of the config has', { to: ['https://172.16.0.60:8080'] }, ['lab']],
    ['the same address by another scheme', { to: ['http://172.16.0.60:8080'] }, ['http://172.16.0.60:8080']],
    ['an address of its own', { to: ['127.0.0.1:7001'] }, ['127.0.0.1:7001']],
    ['a host name with a dot', { to: ['phone.example'] }, ['phone.example']],
    ['a host name with a scheme', { to: ['http://phone'] }, ['http://phone']],
    ['localhost', { to: ['localhost'] }, ['localhost']],
    ['IPv6', { to: ['[::1]:7001'] }, ['[::1]:7001']],
    ['--all', { all: true }, ['reception', 'lobby', 'lab']],
    ['ATCOM_TO', { fallback: 'lab,lobby' }, ['lab', 'lobby']],
    ['--to over ATCOM_TO', { to: ['lobby'], fallback: 'lab' }, ['lobby']],
  ])('%s', (_, words, expected) => {
    expect(namesOf(words)).toEqual(expected);
  });

  it('takes the default of the config when nothing is named', () => {
    expect(namesOf({}, config({ defaultTarget: 'lobby' }))).toEqual(['lobby']);
    expect(namesOf({ fallback: 'lab' }, config({ defaultTarget: 'lobby' }))).toEqual(['lab']);
  });

  it('counts a virtual phone apart', () => {
    expect(resolveTargets({ to: ['virtual,lobby'] }, config())).toMatchObject({
      virtual: true,
      phones: [{ name: 'lobby' }],
    });
  });

  it.each<[string, TargetWords, string, RegExp]>([
    ['a mistyped name', { to: ['receptoin'] }, 'unknown-phone', /did you mean reception\?/],
    ['a word that is like nothing', { to: ['zzz'] }, 'unknown-phone', /reception, lobby, lab.*http:\/\//],
    ['a range, which is no name', { to: ['lab-[01-12]'] }, 'unknown-phone', /lab/],
    ['a URL with a password', { to: ['http://admin:secret@172.16.0.57'] }, 'invalid-address', /settings/],
    [
      'a URL with a path',
      { to: ['http://172.16.0.57/cgi-bin/server.cgi?key=HOLD'] },
      'invalid-address',
      /path/,
    ],
    ['nothing', {}, 'no-target', /reception, lobby, lab/],
    ['only commas', { to: [' , '] }, 'no-target', /--to/],
    ['--all with --to', { all: true, to: ['lobby'] }, 'usage', /one of them/],
  ])('%s is an error that helps', (_, words, code, hint) => {
    const error = caught(() => resolveTargets(words, config()));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error?.hint).toMatch(hint);
    expect(error?.message).not.toContain('secret');
  });

  it('says how to start if there are no phones', () => {
    const nothing = config({ phones: new Map() });
    expect(caught(() => resolveTargets({}, nothing))?.hint).toContain('--to virtual');
    expect(caught(() => resolveTargets({ all: true }, nothing))?.code).toBe('no-target');
  });
});

function caught(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (isAtcomError(error)) return error;
    throw error;
  }
  return undefined;
}
