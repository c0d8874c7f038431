import { describe, expect, it } from 'vitest';
import { encodingMistake, pastedMistake } from '../../src/protocol/pasted.ts';

describe('the encoding of a text', () => {
  it.each(['', 'lab-01\n', '\uFEFFlab-01', 'grün', '“x”'])('is right: %j', (text) => {
    expect(encodingMistake(text)).toBeUndefined();
  });

  it.each(['\uFEFFlab-01', 'lab-01', '\uFEFF'])('is UTF-16: %j', (text) => {
    expect(encodingMistake(Buffer.from(text, 'utf16le').toString('utf8'))).toMatch(/PowerShell/);
  });
});

describe('what was pasted', () => {
  it.each(['lab-01', 'lab-[01-03],!@floor1', '10.0.0.1:80', '--to', 'x*'])('is nothing in %s', (word) => {
    expect(pastedMistake(word)).toBeUndefined();
  });

  it.each([
    ["'lab-01'", "the quote ' is part of it; write lab-01"],
    ['"lab-01"', 'the quote " is part of it; write lab-01'],
    ['`lab-01', 'the quote ` is part of it; write lab-01'],
    ['“lab-01”', '“ is no plain quote or dash; write lab-01'],
    ['„lab-01“', '„ is no plain quote or dash; write lab-01'],
    ['«lab-01»', '« is no plain quote or dash; write lab-01'],
    ['lab–01', '– is no plain quote or dash; write lab-01'],
    ['lab‑01', '‑ is no plain quote or dash; write lab-01'],
    ['–-to', '– is no plain quote or dash; write --to'],
    ['—to', '— is no plain quote or dash; write --to'],
    ['––to=lab', '– is no plain quote or dash; write --to=lab'],
    ["''", "the quote ' is part of it"],
  ])('is told of in %s', (word, mistake) => {
    expect(pastedMistake(word)).toBe(mistake);
  });
});
