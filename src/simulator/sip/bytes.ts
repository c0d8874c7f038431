import { isUtf8 } from 'node:buffer';

/** A challenge of a PBX, over all its lines. */
const CHALLENGE = /^((?:WWW|Proxy)-Authenticate[ \t]*:.*(?:\r\n[ \t].*)*)/gim;
/** Where a byte is kept: half a character, which no text in UTF-8 has. */
const KEPT = 0xdc00;

/**
 * The text of a message. A proof is computed of the bytes of a realm, and gives them back, also those that are no UTF-8 but,
 * say, Latin-1. So a challenge keeps such bytes for {@link bytesOf}; nothing else needs them.
 */
export function textOf(data: Buffer): string {
  if (isUtf8(data)) return data.toString('utf8');
  const parts = data.toString('latin1').split(CHALLENGE);
  return parts.map((part, at) => (at % 2 === 1 ? kept(part) : utf8(part))).join('');
}

function utf8(part: string): string {
  return Buffer.from(part, 'latin1').toString('utf8');
}

function kept(part: string): string {
  return part.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(KEPT + byte.charCodeAt(0)));
}

/** The bytes of a text: UTF-8, and those that {@link textOf} kept. */
export function bytesOf(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(parts.map((part, at) => Buffer.from(part, at % 2 === 1 ? 'latin1' : 'utf8')));
}
