/** A text for a message, without the user and password of an address in it: `http://…@10.0.0.1`. */
export function withoutUser(text: string): string {
  return text.replace(/^(https?:\/\/|(?:uri:)?(?:sips?|tel|callto):(?:\/\/)?)?.*@/is, '$1…@');
}
