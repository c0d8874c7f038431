import { describe, expect, it } from 'vitest';
import { encodingMistake, pastedMistake, targetMistake } from '../../src/protocol/mistakes.ts';

describe('the encoding of a text', () => {
  it.each(['', 'lab-01\n', '\uFEFFlab-01', 'grün', '“x”'])('is right: %j', (text) => {
    expect(encodingMistake(text)).toBeUndefined();
  });

  it.each(['\uFEFFlab-01', 'lab-01', '\uFEFF'])('is UTF-16: %j', (text) => {
    expect(encodingMistake(Buffer.from(text, 'utf16le').toString('utf8'))).toMatch(/PowerShell/);
  });
});

describe('a text with a NUL character', () => {
  it.each(['lab-01\0\n', 'a\0bcdef'])('is no text file, and not UTF-16: %j', (text) => {
    expect(encodingMistake(text)).toBe('it contains a NUL character, so it is not a text file');
  });
});

describe('what was pasted', () => {
  it.each(['lab-01', 'lab-[01-03],!@floor1', '10.0.0.1:80', '--to', 'x*'])('is nothing in %s', (word) => {
    expect(pastedMistake(word)).toBeUndefined();
  });

  it.each([
    ["'lab-01'", "the quote ' is part of it", 'write lab-01'],
    ['"lab-01"', 'the quote " is part of it', 'write lab-01'],
    ['`lab-01', 'the quote ` is part of it', 'write lab-01'],
    ['“lab-01”', '“ is not a plain quote or dash', 'write lab-01'],
    ['„lab-01“', '„ is not a plain quote or dash', 'write lab-01'],
    ['«lab-01»', '« is not a plain quote or dash', 'write lab-01'],
    ['lab–01', '– is not a plain quote or dash', 'write lab-01'],
    ['lab‑01', '‑ is not a plain quote or dash', 'write lab-01'],
    ['–-to', '– is not a plain quote or dash', 'write --to'],
    ['—to', '— is not a plain quote or dash', 'write --to'],
    ['––to=lab', '– is not a plain quote or dash', 'write --to=lab'],
    ["''", "the quote ' is part of it", 'write it without quotes'],
  ])('is told of in %s', (word, reason, hint) => {
    expect(pastedMistake(word)).toEqual({ reason, hint });
    expect(targetMistake(word)).toEqual({ reason, hint });
  });
});

describe('how phones are named elsewhere', () => {
  it.each(['lab-[01-03,20]', '[::1]:80', '[1::3]', '10.0.0.[1-3]', '@model:A48', 'http://[fe80::1]', 'a%b'])(
    'is not the case in %s',
    (word) => {
      expect(targetMistake(word)).toBeUndefined();
    },
  );

  it.each([
    ['lab-[01:03]', '[01:03] is not a range here', 'write lab-[01-03]'],
    ['10.0.0.[1:3]', '[1:3] is not a range here', 'write 10.0.0.[1-3]'],
    ['lab-[01..03]', '[01..03] is not a range here', 'write lab-[01-03]'],
    ['lab-{01..03}', '{01..03} is not a range here', 'write lab-[01-03]'],
    ['lab-{01-03}', '{01-03} is not a range here', 'write lab-[01-03]'],
    ['lab-{01,03}', '{01,03} is not a range here', 'write lab-[01,03]'],
    ['lab-(01-03)', '(01-03) is not a range here', 'write lab-[01-03]'],
    ['[fe80::1%eth0]', 'an address with a zone (%eth0) cannot be used', 'use an address'],
    ['fe80::1%2', 'an address with a zone (%2) cannot be used', 'use an address'],
  ])('is told of in %s', (word, reason, hint) => {
    expect(targetMistake(word)).toEqual({ reason, hint: expect.stringContaining(hint) });
  });
});
