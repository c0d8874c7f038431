/** What a MAC address of a phone is, for messages. */
export const MAC_RULE = 'a MAC address such as "80:82:87:04:6B:C2"';

/** Six bytes, plain or with colons or dashes between them. */
const SIX_BYTES = /^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i;

/** The canonical form of a MAC address, `80:82:87:04:6B:C2`; undefined for anything that no phone can have. */
export function parseMac(text: string): string | undefined {
  return macProblem(text) === undefined ? digitsOf(text).replace(/..(?=.)/g, '$&:') : undefined;
}

/** Why a text is not the MAC address of a phone; undefined if it can be one. */
export function macProblem(text: string): string | undefined {
  if (!SIX_BYTES.test(text)) return `must be ${MAC_RULE}`;
  const digits = digitsOf(text);
  if (/^0+$/.test(digits)) return 'is all zeros, an address that no phone has';
  if (/^F+$/.test(digits)) return 'is the broadcast address, which no phone has';
  // An odd first byte marks an address of a group (IEEE 802).
  return /^.[13579BDF]/.test(digits) ? 'is a multicast address, which no phone has' : undefined;
}

function digitsOf(text: string): string {
  return text.replace(/[:-]/g, '').toUpperCase();
}
