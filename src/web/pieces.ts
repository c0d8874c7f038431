/** How many characters become bytes at a time. */
const MANY = 64 * 1024;

/**
 * Many texts, one after the other, as bytes to be sent. In pieces, because it takes several times as long to get the
 * memory for megabytes at once.
 */
export function inPieces(texts: Iterable<string>): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let rest = '';
  for (const text of texts) {
    rest += text;
    if (rest.length < MANY) continue;
    pieces.push(Buffer.from(rest));
    rest = '';
  }
  return [...pieces, Buffer.from(rest)];
}
