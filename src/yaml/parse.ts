import { Composer, type CST, type Document, Lexer, type LineCounter, Parser, YAMLParseError } from 'yaml';
import { append } from '../append.ts';
import type { Problem } from './problem.ts';

/** The maximum nesting depth. The composer is recursive, and a stack overflow can end the process. */
const DEEPEST = 100;

/** Each piece of a text takes hundreds of bytes. Ten thousand phones with all their settings have half of these. */
const MOST_PIECES = 1_500_000;

/** Parses a text into a document with its errors, or returns a problem if it must not be parsed at all. */
export function parseText(text: string, lines: LineCounter): Document.Parsed | Problem {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > MOST_PIECES) {
      return { path: [], offset: parser.offset, message: 'it has too many entries' };
    }
    append(tokens, parser.next(piece));
  }
  append(tokens, parser.end());
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { path: [], offset: deep, message: 'it is nested too deeply' };
  const composer = new Composer({
    lineCounter: lines,
    merge: true,
    // Pretty errors quote the text around them, which may be a password.
    prettyErrors: false,
    logLevel: 'error',
    // Duplicate names are found later, because the composer compares each name with every other.
    uniqueKeys: false,
  });
  const [document, second] = withoutStacks(() => [...composer.compose(tokens, true, text.length)]);
  // An empty text has no tokens.
  if (document === undefined) throw new Error('no document');
  if (second !== undefined) {
    const [start, end] = second.range;
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', ''));
  }
  return document;
}

/** A broken file can have an error for every character, and where each was created takes longer than all the rest. */
function withoutStacks<T>(action: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The position of something nested too deeply; found without recursion. */
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
