/** The longest address of which the user is looked for, in characters. */
const LONGEST_ADDRESS = 500;

/** The other side of a call, by what its event says: `6040` for `sip:6040@pbx`, also inside `"Name" <sip:6040@pbx;transport=udp>`. */
export function peerOf({ remote = '' }: Readonly<Record<string, string>>): string {
  // Whoever sends an event may write anything here; these expressions take the square of its length.
  const short = remote.slice(0, LONGEST_ADDRESS);
  const user = /sips?:([^@;>]+)@/i.exec(short)?.[1] ?? short.replace(/^.*?(?:sips?|tel):|[;>].*$/gis, '');
  return user.trim();
}
