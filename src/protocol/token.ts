/** The parameter that holds the listener's secret. */
export const TOKEN = 'token';

/** A text without that secret, also in a URL that is none. */
export function hideToken(text: string): string {
  return text.replace(/(token(?:=|%3d))[^&;]*/gi, '$1…');
}

/** What such a secret is made of. */
export const TOKEN_RULE = '8 to 128 letters, digits, ".", "_", "~" or "-"';

/** Whether a text can be such a secret: long enough, and only characters that URLs never escape. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\w.~-]{8,128}$/.test(text);
}
