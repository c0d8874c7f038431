import { AtcomError } from '../errors.ts';

/** The default encoding of a value that is not UTF-8. */
export const DEFAULT_ENCODING = 'windows-1252';

/** Only characters that are the same in every encoding, as they are or as `%XX`. */
const ASCII = /^(?:[^%\x80-\uffff]|%[0-7][\da-f])*$/i;

/**
 * Creates a decoder for the `%XX` and the bytes of a value: UTF-8 if it is valid, otherwise the encoding in which the
 * PBX writes names. Each value is decoded separately, and an invalid `%` is kept.
 *
 * @param encoding - a WHATWG label
 * @throws {AtcomError} `usage`
 */
export function newValueDecoder(encoding = DEFAULT_ENCODING): (value: string) => string {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const other = decoderOf(encoding);
  const read = (text: string) => {
    const bytes = bytesOf(text);
    try {
      return utf8.decode(bytes);
    } catch {
      // In a single decode() call, Node 20 treats windows-1252 as Latin-1.
      return other.decode(bytes, { stream: true }) + other.decode();
    }
  };
  return (value) => {
    // The fast path for nearly all values.
    if (ASCII.test(value)) return value.includes('%') ? decodeURIComponent(value) : value;
    // A character above `\xff` shows that the text is already decoded.
    return /[^\0-\xff]/.test(value) ? value.replace(/(?:%[0-9a-f]{2})+/gi, read) : read(value);
  };
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(encoding)} is not an encoding`,
      hint: 'use a label of the WHATWG Encoding Standard, such as windows-1251, gb18030 or shift_jis',
    });
  }
}

function bytesOf(text: string): Uint8Array {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(plain, (byte) => byte.charCodeAt(0));
}
