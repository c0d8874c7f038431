/** A URL or path without the slashes at its end. */
export function withoutSlashes(text: string): string {
  return text.replace(/(?<!\/)\/+$/, '');
}
