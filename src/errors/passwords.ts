/** A text in quotes, which may contain blanks; or anything else without. Each alternative always ends: no backtracking. */
const WORDS = /"(?:[^"\\\n]|\\.)*\\?"?|[^\s"]+/gs;

/**
 * A SIP address with a password: its user may be empty or hold any sign, such as the `&` or `,` that SIP allows there. A
 * user with an `@` ends where a list would go on.
 */
const SIP = `\\bsips?:(?=[^@]*(?:@[^\\s/"'<>=(,;!&:]*)?(?::|%3a))`;

/**
 * Where a user and a password may begin, in what stands before an `@`; `C:\folder\` begins a path. Digits before a `/` are
 * a port only where the `@` belongs to a SIP address in a query: otherwise they may begin a password, such as `24/7`. An
 * address that was given for a file has other slashes in the path that was made of it, and may have a token alone.
 */
const beginning = (noPort: string) =>
  new RegExp(
    `${SIP}|://(?=[^/?#@]*(?:@|$)|[^/?#@:[\\]]*:${noPort})|` +
      `(?:^|[\\s/"'<>=(,;!&]|\\b(?:sips?|tel|callto|mailto):)` +
      `(?!(?:sips?|tel|callto|mailto|uri):|[\\w+.-]+://|(?:https?|ftp):/|[a-z]:[/\\\\][^/\\\\]*[/\\\\])` +
      `(?=(?:[^\\s/"'<>=(,;!&@:[\\]][^\\s/"'<>=(,;!&:[\\]]*)?(?::|%3a)${noPort})|` +
      `\\b[a-z]{2,20}:[/\\\\]+(?=[^/\\\\?#@]*(?:@|$))`,
    'i',
  );
const BEGINNING = beginning('');
const BEFORE_SIP = beginning('(?!\\d{1,5}[/?#])');

/** What stands before the only `@`, which belongs to a SIP address in a query. */
const SIP_IN_QUERY = /^[^@]*[?&][\w-]+=<?sips?:[^\s/:@]*$/i;

/** The same where a `,` `!` `&` or blank stands before the `@`: what is after it may be a group of a target. */
const BEFORE_GROUP = new RegExp(
  `${SIP}|://(?=[^/?#:[\\],!&]*(?::|%3a)(?!\\d{1,5}/?[,!&]))|` +
    `(?:^|[\\s,!&/"'<=(])(?!sips?:)(?=[^\\s/"'<>=(,;!&@:[\\]]*(?::(?!\\d{1,5}/?[,!&])[^:/]*$|%3a))`,
  'i',
);

/**
 * The folders of a path, up to an address in it: an address that was given for a file is behind the current folder. A
 * folder may have any name, and is no address; nor is the format of a report before it a user.
 */
const FOLDERS =
  /^(?:--[\w-]+=)?["'(]*(?:(?:junit|tap|json|html):)?(?:~|\.{1,2})?\/(?!\/)(?:(?:(?!\b[a-z]+:\/).)*\/)?/is;

/** A part of a text. */
type Range = readonly [from: number, to: number];

/** A sign that is escaped in a URL, once or again and again, as where a link is in a link. */
const ESCAPED = /%(?:25)*([2-7][\da-f])/gi;

/**
 * A word for a message, without the user and password in it: `http://…@10.0.0.1`, `sip:…@pbx`. A SIP address without a
 * password stays, as do targets, in which an `@` begins a group: `10.0.0.1:80,@floor1`. What is escaped stays so, because
 * it may be harmful otherwise.
 */
export function withoutPassword(whole: string): string {
  const shown = cut(whole, secretIn(whole));
  const { plain, at } = unescaped(shown);
  const [from, to] = (plain !== shown && secretIn(plain)) || [];
  return from === undefined || to === undefined ? shown : cut(shown, [at(from), at(to)]);
}

function cut(text: string, range: Range | undefined): string {
  return range === undefined ? text : `${text.slice(0, range[0])}…${text.slice(range[1])}`;
}

/** A text without its escapes, and where in it each character was. */
function unescaped(text: string): { readonly plain: string; readonly at: (index: number) => number } {
  const escapes = [...text.matchAll(ESCAPED)];
  let [plain, end] = ['', 0];
  const shifts = escapes.map(({ 0: { length }, 1: code = '', index }) => {
    plain += text.slice(end, index) + String.fromCharCode(Number.parseInt(code, 16));
    end = index + length;
    return { from: plain.length, by: end - plain.length };
  });
  const at = (index: number) => index + (shifts.findLast(({ from }) => from <= index)?.by ?? 0);
  return { plain: plain + text.slice(end), at };
}

/** Where the user and the password are in a word that has some. */
function secretIn(whole: string): Range | undefined {
  let word = whole;
  for (let found = FOLDERS.exec(word); found !== null; found = FOLDERS.exec(word))
    word = word.slice(found[0].length);
  const folders = whole.length - word.length;
  const range = rangeIn(word);
  return range && [folders + range[0], folders + range[1]];
}

function rangeIn(word: string): Range | undefined {
  // A password may contain anything, so the last @ ends it.
  const last = word.lastIndexOf('@');
  const [end] = /^.*[^\s,!&](?=@)/s.exec(word) ?? [];
  if (last >= 0 && end?.length !== last) {
    const range = rangeBefore(last, word, BEFORE_GROUP);
    if (range !== undefined) return range;
  }
  if (end === undefined) return undefined;
  return rangeBefore(end.length, word, SIP_IN_QUERY.test(end) ? BEFORE_SIP : BEGINNING);
}

function rangeBefore(at: number, word: string, beginning: RegExp): Range | undefined {
  const found = beginning.exec(word.slice(0, at));
  return found === null ? undefined : [found.index + found[0].length, at];
}

/** What ends a password; without it there is none. */
const AT = /@|%(?:25)*40/;

/** The same for each word of a text, and of every text in an array or object. */
export function withoutPasswords<T>(value: T): T;
export function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') return AT.test(value) ? value.replace(WORDS, withoutPassword) : value;
  if (Array.isArray(value)) return value.map((each) => withoutPasswords(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutPasswords(each)]));
}

/** The same for a line as it is typed in a shell, in which parts of a word may be quoted: `http://user:"secret"@10.0.0.1`. */
export function lineWithoutPasswords(line: string): string {
  return line.replace(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|'[^']*(?:'|$)|\\.?|[^\s"'\\])+/gs, (word) => {
    const bare = word.replace(/\\(.)|["']/gs, '$1');
    const shown = withoutPassword(bare);
    return shown === bare ? word : shown;
  });
}

/** The longest word that is repeated whole. */
const LONGEST = 60;

/** A word in a message: without a password, in quotes, and not too long. */
export function quote(word: string): string {
  const shown = withoutPassword(word);
  return JSON.stringify(shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown);
}
