/** A text without its URL escapes; as it is where they make no sense. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
