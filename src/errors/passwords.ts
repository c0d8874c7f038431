/** A text in quotes, which may contain blanks; or anything else without. Each alternative always ends: no backtracking. */
const WORDS = /"(?:[^"\\\n]|\\.)*\\?"?|[^\s"]+/gs;

/** Where a user and a password may begin, in what stands before an `@`. A port is not a password. */
const BEGINNING =
  /:\/\/(?=[^/?#@]*(?:@|$)|[^/?#@:[\]]+:(?!\d{1,5}[/?#,!&]))|(?:^|[\s/"'<>=(,;!&]|\b(?:sips?|tel|callto|mailto):)(?!(?:sips?|tel|callto|mailto|uri):)(?=[^\s/"'<>=(,;!&@:[\]][^\s/"'<>=(,;!&:[\]]*(?::|%3a)(?![/\\]|\d{1,5}[/?#,!&]))/i;

/** The same where a `,` `!` `&` or blank stands before the `@`: what is after it may be a group of a target. */
const BEFORE_GROUP =
  /:\/\/(?=[^/?#:[\],!&]+:(?!\d{1,5}[/?#,!&]))|(?:^|[\s,!&/]|\bsips?:)(?!sips?:)(?=[^\s/"'<>=(,;!&@:[\]]+:(?!\d{1,5}[/?#,!&])[^:/]*$)/i;

/**
 * The folders of a path, up to an address in it: an address that was given for a file is behind the current folder. A
 * folder may have any name, and is no address.
 */
const FOLDERS = /^(?:--[\w-]+=)?["'(]*(?:~|\.{1,2})?\/(?!\/)(?:(?:(?!\b[a-z]+:\/).)*\/)?/is;

/**
 * A word for a message, without the user and password in it: `http://…@10.0.0.1`, `sip:…@pbx`. A SIP address without a
 * password stays, as do targets, in which an `@` begins a group: `10.0.0.1:80,@floor1`.
 */
export function withoutPassword(word: string): string {
  const [folders] = FOLDERS.exec(word) ?? [];
  if (folders !== undefined) return folders + withoutPassword(word.slice(folders.length));
  // A password may contain anything, so the last @ ends it.
  const last = word.lastIndexOf('@');
  const [end] = /^.*[^\s,!&](?=@)/s.exec(word) ?? [];
  if (last >= 0 && end?.length !== last) {
    const before = word.slice(0, last);
    const hidden = hide(before, word.slice(last), BEFORE_GROUP);
    if (hidden !== undefined) return hidden;
  }
  return (end && hide(end, word.slice(end.length), BEGINNING)) ?? word;
}

function hide(before: string, after: string, beginning: RegExp): string | undefined {
  const found = beginning.exec(before);
  return found === null ? undefined : `${before.slice(0, found.index)}${found[0]}…${after}`;
}

/** The same for each word of a text, and of every text in an array or object. */
export function withoutPasswords<T>(value: T): T;
export function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('@') ? value.replace(WORDS, withoutPassword) : value;
  if (Array.isArray(value)) return value.map((each) => withoutPasswords(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutPasswords(each)]));
}

/** The longest word that is repeated whole. */
const LONGEST = 60;

/** A word in a message: without a password, in quotes, and not too long. */
export function quote(word: string): string {
  const shown = withoutPassword(word);
  return JSON.stringify(shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown);
}
