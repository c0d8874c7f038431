import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, Scalar, visit } from 'yaml';
import { encodingMistake } from '../protocol/mistakes.ts';
import { parseText } from './parse.ts';
import { Places } from './places.ts';
import { bracketProblem, type Problem, syntaxProblem } from './problem.ts';
import { type Strictness, structuralProblems } from './structure.ts';

/** Aliases may repeat many phones, but not fill the memory. */
const MOST_ALIASES = 10_000;

/** Both count from 1. */
interface Position {
  readonly line: number;
  readonly col: number;
}

/** A file as data, with the position of every setting. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** The position of a setting, or of the nearest one above it. */
  position(problem: Problem): Position;
  /** The part of a path before a name that may be a part of a password. */
  openPart(path: readonly string[], isUnknown: boolean): readonly string[];
  /** The names at a path, with what they are for, in the order in which they are written. */
  entriesAt<T>(path: readonly string[], data: Readonly<Record<string, T>>): readonly [string, T][];
}

/** How a file is read. */
export interface ReadOptions extends Strictness {
  /** The key that holds our settings, as in package.json. The rest is not checked. */
  readonly inside?: string | undefined;
  /** Reads `[a, b]: idle` as the name `a, b`, because names in data are plain text. */
  readonly listNames?: boolean;
}

/** Reads YAML or JSON, which YAML contains. */
export function readDocument(
  text: string,
  { inside, listNames = false, ...strictness }: ReadOptions = {},
): YamlDocument {
  const lines = new LineCounter();
  const refused = (problem: Problem) => ({
    value: undefined,
    problems: [problem],
    position: () => (problem.offset === undefined ? { line: 1, col: 1 } : lines.linePos(problem.offset)),
    openPart: (path: readonly string[]) => path,
    entriesAt: () => [],
  });
  const encoding = encodingMistake(text);
  if (encoding !== undefined) return refused({ path: [], message: encoding });
  const document = parseText(text, lines);
  if ('message' in document) return refused(document);
  const twice = inside === undefined ? undefined : secondKey(document.contents, inside);
  if (twice !== undefined) return refused(twice);
  if (document.directives.yaml.explicit === true && document.directives.yaml.version === '1.1')
    return refused({ path: [], message: OLD_YAML });
  const root = inside === undefined ? document.contents : document.getIn([inside], true);
  const ours = isNode(root) ? root : null;
  if (listNames) joinListNames(ours);
  const prefix = inside === undefined ? [] : [inside];
  const places = new Places(document);
  const broken = syntaxProblems(document, text);
  const problems = broken.length > 0 ? broken : structuralProblems(ours, strictness);
  return {
    ...(problems.length > 0 ? { value: undefined, problems } : plainData(document)),
    position: ({ offset, path }) => lines.linePos(offset ?? places.offsetOf([...prefix, ...path])),
    openPart: (path, isUnknown) => places.openPart([...prefix, ...path], isUnknown).slice(prefix.length),
    entriesAt(path, data) {
      // Objects of JavaScript have names such as 6001 first, and those of `<<` where that is, wherever they are written.
      const names = places.namesAt([...prefix, ...path]);
      return names.flatMap((name) => {
        const value = data[name];
        return value === undefined ? [] : [[name, value]];
      });
    },
  };
}

const OLD_YAML =
  'YAML 1.1 reads no as false, and 0120 as 80; delete the line %YAML 1.1, because this file is read as YAML 1.2';

/** Our key a second time, which one of two programs would overlook. */
function secondKey(root: unknown, name: string): Problem | undefined {
  if (!isMap(root)) return undefined;
  const [, second] = root.items.flatMap(({ key }) => (isScalar(key) && key.value === name ? [key] : []));
  return second && { path: [], offset: second.range?.[0] ?? 0, message: 'this name occurs twice' };
}

function joinListNames(root: Node | null): void {
  visit(root, {
    Pair: (_, pair) => {
      const { key } = pair;
      if (!isSeq(key) || !key.items.every(isScalar)) return;
      const name = new Scalar(key.items.map(({ value }) => String(value)).join(', '));
      pair.key = Object.assign(name, { range: key.range, source: name.value });
    },
  });
}

/** One mistake causes many errors after it, so only the first ones are reported. */
function syntaxProblems(document: Document.Parsed, text: string): readonly Problem[] {
  const errors = [...document.errors, ...document.warnings];
  const [first] = errors;
  if (first === undefined) return [];
  const bracket = bracketProblem(text, first.pos[0]);
  if (bracket !== undefined) return [bracket];
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return (deep === undefined ? errors.slice(0, 3) : [deep]).map(({ code, pos }) =>
    syntaxProblem(code, pos[0]),
  );
}

function plainData(document: Document.Parsed): Pick<YamlDocument, 'value' | 'problems'> {
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), problems: [] };
  } catch (error) {
    // The only errors of yaml that remain: structuralProblems has found every alias without an anchor.
    if (!(error instanceof ReferenceError)) throw error;
    return { value: undefined, problems: [{ path: [], message: 'its aliases expand to too much data' }] };
  }
}
