/** A text in quotes, which may contain blanks; or anything else without. Each alternative always ends: no backtracking. */
const WORDS = /"(?:[^"\\\n]|\\.)*\\?"?|[^\s"]+/gs;

/**
 * A SIP address with a password: its user may be empty or hold any sign, such as the `&` or `,` that SIP allows there. A
 * user with an `@` ends where a list would go on.
 */
const SIP = `\\bsips?:(?=[^@]*(?:@[^\\s/"'<>=(,;!&:]*)?(?::|%3a))`;

/**
 * Where a user and a password may begin, in what stands before an `@`; `C:\folder\` begins a path. Digits before a `/` are
 * a port only where the `@` belongs to a SIP address in a query: otherwise they may begin a password, such as `24/7`.
 */
const beginning = (noPort: string) =>
  new RegExp(
    `${SIP}|://(?=[^/?#@]*(?:@|$)|[^/?#@:[\\]]*:${noPort})|` +
      `(?:^|[\\s/"'<>=(,;!&]|\\b(?:sips?|tel|callto|mailto):)` +
      `(?!(?:sips?|tel|callto|mailto|uri):|[\\w+.-]+://|(?:https?|ftp):/|[a-z]:[/\\\\][^/\\\\]*[/\\\\])` +
      `(?=(?:[^\\s/"'<>=(,;!&@:[\\]][^\\s/"'<>=(,;!&:[\\]]*)?(?::|%3a)${noPort})`,
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

/** How often a URL may be escaped again, as where a link is in a link. */
const MOST_ESCAPES = 3;

/**
 * A word for a message, without the user and password in it: `http://…@10.0.0.1`, `sip:…@pbx`. A SIP address without a
 * password stays, as do targets, in which an `@` begins a group: `10.0.0.1:80,@floor1`. What has a password only where it
 * is not escaped is shown unescaped: `sip:…@pbx` for `sip:6040:secret%40pbx`.
 */
export function withoutPassword(whole: string): string {
  let shown = hiddenBehindFolders(whole);
  let plain = shown;
  for (let times = 0; times < MOST_ESCAPES; times += 1) {
    plain = unescaped(plain);
    const hidden = hiddenBehindFolders(plain);
    if (hidden !== plain) {
      shown = hidden;
      plain = hidden;
    }
  }
  return shown;
}

/** The letters and signs that mean something in an address; whatever else is escaped stays so. */
function unescaped(text: string): string {
  return text.replace(/%([2-7][\da-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function hiddenBehindFolders(whole: string): string {
  let word = whole;
  for (let found = FOLDERS.exec(word); found !== null; found = FOLDERS.exec(word))
    word = word.slice(found[0].length);
  return whole.slice(0, whole.length - word.length) + hiddenIn(word);
}

function hiddenIn(word: string): string {
  // A password may contain anything, so the last @ ends it.
  const last = word.lastIndexOf('@');
  const [end] = /^.*[^\s,!&](?=@)/s.exec(word) ?? [];
  if (last >= 0 && end?.length !== last) {
    const before = word.slice(0, last);
    const hidden = hide(before, word.slice(last), BEFORE_GROUP);
    if (hidden !== undefined) return hidden;
  }
  if (end === undefined) return word;
  return hide(end, word.slice(end.length), SIP_IN_QUERY.test(end) ? BEFORE_SIP : BEGINNING) ?? word;
}

function hide(before: string, after: string, beginning: RegExp): string | undefined {
  const found = beginning.exec(before);
  return found === null ? undefined : `${before.slice(0, found.index)}${found[0]}…${after}`;
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
