/**
 * The table of keys of the vendor's document, copied by hand: the truth the source is held against. The first word
 * of a line is what is sent, the others are accepted for it.
 */
const LINES = `
OK F_OK ENTER F_ENTER
CANCEL F_CANCEL F_X X
POUND
VOLUME_UP VOL_UP
VOLUME_DOWN VOL_DOWN
SOFTKEY1
SOFTKEY2
SOFTKEY3
SOFTKEY4
SFK1
SFK2
SFK3
SFK4
MENU F_MENU
UP F_UP
DOWN F_DOWN
LEFT F_LEFT
RIGHT F_RIGHT
LINEKEY1 LK1
LINEKEY2 LK2
LINEKEY3 LK3
LINEKEY4 LK4
LINEKEY5 LK5 LIKEKEY5
LINEKEY6 LK6
MESSAGE MEG
MUTE F_MUTE
HOLD
REDIAL
HEADSET
SPEAKER
MEMORY_KEY1 MK1
MEMORY_KEY2 MK2
MEMORY_KEY3 MK3
MEMORY_KEY4 MK4
MEMORY_KEY5 MK5
MEMORY_KEY6 MK6
MEMORY_KEY7 MK7
MEMORY_KEY8 MK8
MEMORY_KEY9 MK9
MEMORY_KEY10 MK10
MEMORY_KEY11 MK11
MEMORY_KEY12 MK12
MEMORY_KEY13 MK13
MEMORY_KEY14 MK14
MEMORY_KEY15 MK15
MEMORY_KEY16 MK16
MEMORY_KEY17 MK17
MEMORY_KEY18 MK18
MEMORY_KEY19 MK19
MEMORY_KEY20 MK20
STATUS
DIRECTORY
PHONEBOOK PBOOK
REMOTEPHONEBOOK REBOOK
LDAP
DND
DND_ON
DND_OFF
HISTORY CALLERS
STATIC_FORWARD SFORWARD
UN_DIAL
REBOOT
RELEASE
FLASH_CALL FCALL
DIRECT_PICKUP DPICKUP
SPEEDDIAL SDIAL
BLF
DTMF
PREFIX
PARK
CALL_RETURN
INTERCOM
RESUME
ANSWER
REJECT
DYNAMIC_FORWARD DFOWARD
CONFERENCE
TRANSFER
ENDCALL
NEWCALL
BLIND
SPLIT
JOIN
DIAL
SEND
FORWARD
`;

/** Every spelling of the document with what is sent for it. */
export const DOCUMENT: readonly (readonly [spelling: string, sent: string])[] = LINES.trim()
  .split('\n')
  .flatMap((line) => {
    const [sent = '', ...others] = line.split(' ');
    return [sent, ...others].map((spelling) => [spelling, sent] as const);
  });

/** The slip LIKEKEY5 is read with every number, so that it behaves like any other name of a line key. */
export const SLIPS: readonly string[] = ['LIKEKEY1', 'LIKEKEY2', 'LIKEKEY3', 'LIKEKEY4', 'LIKEKEY6'];

/** The URLs of the document's illustrations, to the letter. */
export const ILLUSTRATIONS = [
  'http://172.16.0.57/cgi-bin/server.cgi?key=6040;DIAL;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=6040;SEND',
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER;6040;DIAL',
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER;6040;SEND',
  'http://172.16.0.37/cgi-bin/server.cgi?key=LINEKEY1;6040;SEND',
  'http://172.16.0.37/cgi-bin/server.cgi?key=LINEKEY2;6040;SEND',
  'http://172.16.0.57/cgi-bin/server.cgi?key=ANSWER;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER',
  'http://172.16.0.57/cgi-bin/server.cgi?key=SFK1;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=HEADSET',
  'http://172.16.0.57/cgi-bin/server.cgi?key=REJECT;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=FORWARD;6044;SEND;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=ENDCALL;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD;6040;DIAL;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=RESUME;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=TRANSFER;6044;SEND;TRANSFER;',
  'http://172.16.0.57/cgi-bin/server.cgi?key=CONFERENCE;6044;SEND',
  'http://172.16.0.57/cgi-bin/server.cgi?key=CONFERENCE;',
] as const;

/** An illustration, and what of it is sent: the `;` at the end is not. */
export type Illustration = (typeof ILLUSTRATIONS)[number];
