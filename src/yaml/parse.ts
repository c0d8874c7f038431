import { Composer, type CST, type Document, type LineCounter, Parser, YAMLParseError } from 'yaml';
import type { Problem } from './problem.ts';

/** Settings are not nested deeper. The composer follows them by recursion, and a stack that ends can end the process. */
const DEEPEST = 100;

/** The document of a text, with its errors; or a problem, where it is not even looked at. */
export function parseText(text: string, lines: LineCounter): Document.Parsed | Problem {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { path: [], offset: deep, message: 'it is nested too deeply' };
  const composer = new Composer({
    lineCounter: lines,
    merge: true,
    // Pretty errors quote the text around them, which may be a password.
    prettyErrors: false,
    logLevel: 'error',
    // Names that stand twice are found later: the composer would compare each with each.
    uniqueKeys: false,
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  // One that is empty is made of nothing.
  if (document === undefined) throw new Error('no document');
  if (second !== undefined) {
    const [start, end] = second.range;
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', ''));
  }
  return document;
}

/** Where something stands that is nested too deeply; found without going down itself. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const left = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST) return token.offset;
    for (const inner of inside(token)) left.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function inside(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => {
    const { key, value }: CST.CollectionItem = item;
    return [key, value].filter((each) => each !== undefined && each !== null);
  });
}
