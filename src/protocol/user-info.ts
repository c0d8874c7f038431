/** A text for a message, without the user and password of an address in it: `http://…@10.0.0.1`. */
export function withoutUser(text: string): string {
  return text.replace(/^(https?:\/\/|(?:uri:)?(?:sips?|tel|callto):(?:\/\/)?)?.*@/is, '$1…@');
}

const WITH_PASSWORD = /^(?:(?:uri:)?(?:sips?|tel|callto):(?:\/\/)?)?[^@]*(?::|%3a)[^@]*@/i;

/** A number for a message: as it was written, unless there is a password in it. */
export function shownNumber(text: string): string {
  return WITH_PASSWORD.test(text) ? withoutUser(text) : text;
}
