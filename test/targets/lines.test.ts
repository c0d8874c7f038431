import { expect, it } from 'vitest';
import { readTargetLines } from '../../src/targets/lines.ts';

it.each<[string, string, string[]]>([
  ['one a line', 'lobby\nlab-[01-12]\n', ['lobby', 'lab-[01-12]']],
  ['the line ends of Windows, and a mark of Unicode', '\uFEFFlobby\r\nlab\r\n', ['lobby', 'lab']],
  ['blanks and blank lines', '\n  lobby \n\t\n\nlab', ['lobby', 'lab']],
  ['comments', '# first floor\nlobby # the one in front\n#lab\n\t# end', ['lobby']],
  ['# inside a word, which is no comment', 'http://10.0.0.5/#top', ['http://10.0.0.5/#top']],
  ['nothing', '', []],
  ['comments only', '# none yet\n', []],
])('reads %s', (_, text, lines) => {
  expect(readTargetLines(text, 'f').map((line) => line.text)).toEqual(lines);
});

it('knows the line of each', () => {
  expect(readTargetLines('# all\r\nlobby\r\n\r\nlab', 'phones.txt')).toEqual([
    { text: 'lobby', place: 'phones.txt:2' },
    { text: 'lab', place: 'phones.txt:4' },
  ]);
});

it('refuses a line that only an old Mac ends, as a file of commands does', () => {
  expect(() => readTargetLines('all\r\n# lobby\rlab\n', 'phones.txt')).toThrow(
    'phones.txt:2: there is a carriage return (\\r) within the line',
  );
});
