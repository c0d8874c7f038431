import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtcomError } from '../../src/errors.ts';
import { parseTarget, type TargetTerm } from '../../src/targets/expression.ts';
import { failure } from '../protocol/failure.ts';

/** A term in a word. */
function told(term: TargetTerm): string {
  if (term.kind === 'names' || term.kind === 'groups') return `${term.kind} ${term.names.join(' ')}`;
  if (term.kind === 'glob') return `glob ${term.patterns.join(' ')}`;
  return term.kind === 'model' ? `model ${term.models.join(' ')}` : term.kind;
}

const steps = (text: string) => parseTarget(text).map(({ operator, term }) => `${operator} ${told(term)}`);

describe('a target', () => {
  it.each<[string, string[]]>([
    ['lobby', [', names lobby']],
    ['lobby, reception', [', names lobby', ', names reception']],
    ['lab-[001-003]!lab-[002-003]', [', names lab-001 lab-002 lab-003', '! names lab-002 lab-003']],
    [' a & b ! c , d ', [', names a', '& names b', '! names c', ', names d']],
    ['a,,b,', [', names a', ', names b']],
    ['a,!b', [', names a', '! names b']],
    ['@floor1!@lab', [', groups floor1', '! groups lab']],
    ['@floor[1-2]', [', groups floor1 floor2']],
    ['@model:a48', [', model A48']],
    ['@model:A4x', [', model A41 A48 A4x']],
    ['@model:a2X', [', model A21 A2x']],
    ['@model:A41&@all', [', model A41', '& all']],
    ['@all!virtual', [', all', '! virtual']],
    ['lab-*,?-[1-2]', [', glob lab-*', ', glob ?-1 ?-2']],
    ['10.0.0.[5-6]:8080', [', names 10.0.0.5:8080 10.0.0.6:8080']],
    ['[::1]:7001,[fe80::1]', [', names [::1]:7001', ', names [fe80::1]']],
    ['http://10.0.0.5/x?key=HOLD', [', names http://10.0.0.5/x?key=HOLD']],
    ['', []],
    [' , ', []],
  ])('%s', (text, expected) => {
    expect(steps(text)).toEqual(expected);
  });

  it('is plain data that keeps its words', () => {
    const target = parseTarget('lab-[1-2] ! @model:A48');
    expect(target).toEqual([
      { operator: ',', term: { kind: 'names', text: 'lab-[1-2]', names: ['lab-1', 'lab-2'] } },
      { operator: '!', term: { kind: 'model', text: '@model:A48', models: ['A48'] } },
    ]);
    expect(JSON.parse(JSON.stringify(target))).toEqual(target);
  });

  it.each<[string, string, RegExp, RegExp]>([
    ['!lobby', 'usage', /nothing stands before "!"/, /@all!lobby, or --exclude lobby/],
    ['&lobby', 'usage', /nothing stands before "&"/, /lobby alone/],
    ['a!', 'usage', /nothing stands after "!"/, /@floor1/],
    ['a!,b', 'usage', /nothing stands after "!"/, /@floor1/],
    ['a&&b', 'usage', /nothing stands after "&"/, /@floor1/],
    ['a b', 'usage', /blank/, /join phones with ,/],
    ['lab-[1-', 'usage', /\[ has no \]/, /lab-\[01-12,20\]/],
    ['lab-[!x]', 'usage', /"!x" is no range/, /\* or \?/],
    ['lab-[*]', 'usage', /is no range/, /numbers/],
    ['@model:A49999', 'unknown-model', /A49999/, /A41/],
    ['@model:A26', 'usage', /A26 counts as A2x, so others/, /write A2x for all of them/],
    ['@model:a41w', 'usage', /a41w counts as A41, so others/, /write A41 for all of them/],
    ['@model:', 'unknown-model', /""/, /A41/],
    [
      'http://admin:secret@10.0.0.5',
      'invalid-address',
      /^"http:\/\/…@10\.0\.0\.5"/,
      /user and password are settings/,
    ],
    ['http://admin:secret!,x@10.0.0.5', 'invalid-address', /^"http:\/\/…@10\.0\.0\.5"/, /settings/],
  ])('%s is an error that helps', (text, code, message, hint) => {
    const error = failure(() => parseTarget(text));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret');
    expect(error.hint).toMatch(hint);
  });

  it('throws nothing but expected errors on any text', () => {
    const tokens = [
      'lab-',
      '[',
      ']',
      '1',
      '01',
      '-',
      '/',
      ',',
      '!',
      '&',
      '@',
      ' ',
      '*',
      '?',
      ':',
      'model:',
      'all',
    ];
    const typed = fc.array(fc.constantFrom(...tokens), { maxLength: 20 }).map((parts) => parts.join(''));
    const anything = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(fc.oneof(typed, anything), (text) => {
        try {
          parseTarget(text);
        } catch (error) {
          expect(isAtcomError(error) && error.exitCode).toBe(2);
        }
      }),
    );
  });
});
