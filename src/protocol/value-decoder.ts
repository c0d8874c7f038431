import { AtcomError } from '../errors.ts';

/** What a value is read as that is not UTF-8, where nothing else is said. */
const DEFAULT_ENCODING = 'windows-1252';

/**
 * Makes what decodes `%XX` in a value and reads its bytes: as UTF-8 where they are that, else in the encoding that the
 * PBX writes names in. Each value is judged by itself; a broken `%` stays.
 *
 * @param encoding - as WHATWG labels it
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
      // In one go, Node 20 takes windows-1252 for Latin-1.
      return other.decode(bytes, { stream: true }) + other.decode();
    }
  };
  return (value) => {
    // Nearly all values.
    if (/^[^%\x80-\uffff]*$/.test(value)) return value;
    // A letter beyond bytes shows that the text was decoded already.
    return /[^\0-\xff]/.test(value) ? value.replace(/(?:%[0-9a-f]{2})+/gi, read) : read(value);
  };
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(encoding)} is no encoding`,
      hint: 'write a label of the WHATWG standard, such as windows-1251, gb18030 or shift_jis',
    });
  }
}

function bytesOf(text: string): Uint8Array {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(plain, (byte) => byte.charCodeAt(0));
}
