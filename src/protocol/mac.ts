/** What a MAC address of a phone is, for messages. */
export const MAC_RULE = 'a MAC address such as "80:82:87:04:6B:C2"';

/** Six bytes, plain or with colons or dashes between them. */
const SIX_BYTES = /^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i;

/** The canonical form of a MAC address, `80:82:87:04:6B:C2`; undefined for anything that no phone can have. */
export function parseMac(text: string): string | undefined {
  return macProblem(text) === undefined ? bytesOf(text).join(':') : undefined;
}

/** Why a text is not the MAC address of a phone; undefined if it can be one. */
export function macProblem(text: string): string | undefined {
  if (!SIX_BYTES.test(text)) return `must be ${MAC_RULE}`;
  const bytes = bytesOf(text);
  if (bytes.every((byte) => byte === '00')) return 'is all zeros, which is the address of no phone';
  if (bytes.every((byte) => byte === 'FF'))
    return 'is the broadcast address, which is the address of no phone';
  // The lowest bit of the first byte marks an address of a group (IEEE 802).
  const isGroup = Number.parseInt(bytes[0] ?? '', 16) % 2 === 1;
  return isGroup ? 'is a multicast address, which is the address of no phone' : undefined;
}

function bytesOf(text: string): readonly string[] {
  return text.toUpperCase().match(/[0-9A-F]{2}/g) ?? [];
}
