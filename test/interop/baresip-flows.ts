import { expect } from 'vitest';
import { levelOf } from '../support/goertzel.ts';
import type { Baresip } from './baresip.ts';
import type { Phones } from './flows.ts';

/** Baresip is 6002, the phones are 6001 and 6003. */
export interface Witnessed {
  readonly name: string;
  readonly play: (phones: Phones, baresip: Baresip, pbx: 'proxy' | 'b2bua') => Promise<void>;
  /** What phone 6001 has reported by the end; `play` checks other phones. */
  readonly reports: string;
}

const [A, BARE, C] = ['6001', '6002', '6003'] as const;
/** Baresip's tone, which no phone sends. */
export const BARE_TONE = 1910;

const CALLED = 'offHook idleToBusy outgoingCall established';
const ANSWERED = 'idleToBusy incomingCall offHook answerNewIncomingCall established';
const OVER = 'terminated onHook busyToIdle';

async function calls({ press, until }: Phones, baresip: Baresip): Promise<void> {
  await press(A, `${BARE};DIAL`);
  await baresip.until('CALL_INCOMING');
  baresip.tell('accept');
  await Promise.all([until(A, 'established'), baresip.until('CALL_ESTABLISHED')]);
}

async function isCalled({ press, until }: Phones, baresip: Baresip, number: string = A): Promise<void> {
  baresip.tell('dial', number);
  await until(number, 'incomingCall');
  await press(number, 'ANSWER');
  await Promise.all([until(number, 'established'), baresip.until('CALL_ESTABLISHED')]);
}

async function hangsUp({ press, until }: Phones, baresip: Baresip): Promise<void> {
  await press(A, 'ENDCALL');
  await Promise.all([until(A, 'busyToIdle'), baresip.until('CALL_CLOSED')]);
}

/** Waits until both ends have seen the end of the call: a late report would be taken for the end of the next one. */
async function baresipHangsUp({ until }: Phones, baresip: Baresip): Promise<void> {
  baresip.tell('hangup');
  await Promise.all([until(A, 'busyToIdle'), baresip.until('CALL_CLOSED')]);
}

/** Waits for a condition that no event reports. */
async function becomes(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether the phone can see that the other side holds the call: a B2BUA hides that. */
function isHeld({ simulator }: Phones): boolean {
  return simulator.state(A).calls[0]?.heldByRemote === true;
}

export const WITNESSED: readonly Witnessed[] = [
  {
    name: 'a phone calls baresip, and hangs up',
    reports: `${CALLED} ${OVER}`,
    async play(phones, baresip) {
      await calls(phones, baresip);
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'a phone calls baresip, which hangs up',
    reports: `${CALLED} ${OVER}`,
    async play(phones, baresip) {
      await calls(phones, baresip);
      await baresipHangsUp(phones, baresip);
    },
  },
  {
    name: 'baresip calls a phone, which hangs up',
    reports: `${ANSWERED} ${OVER}`,
    async play(phones, baresip) {
      await isCalled(phones, baresip);
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'baresip calls a phone, and hangs up',
    reports: `${ANSWERED} ${OVER}`,
    async play(phones, baresip) {
      await isCalled(phones, baresip);
      await baresipHangsUp(phones, baresip);
    },
  },
  {
    name: 'baresip rejects',
    reports: 'offHook idleToBusy outgoingCall remoteBusy onHook busyToIdle',
    async play(phones, baresip) {
      await phones.press(A, `${BARE};DIAL`);
      await baresip.until('CALL_INCOMING');
      await baresipHangsUp(phones, baresip);
    },
  },
  {
    name: 'a phone rejects, and baresip is told 486',
    reports: 'idleToBusy incomingCall rejectIncomingCall busyToIdle',
    async play({ press, until }, baresip) {
      baresip.tell('dial', A);
      await until(A, 'incomingCall');
      await press(A, 'REJECT');
      expect((await baresip.until('CALL_CLOSED')).param).toMatch(/^486/);
    },
  },
  {
    name: 'a phone on DND does not ring',
    reports: 'openDND closeDND',
    async play({ press }, baresip) {
      await press(A, 'DND');
      baresip.tell('dial', A);
      expect((await baresip.until('CALL_CLOSED')).param).toMatch(/^486/);
      await press(A, 'DND');
    },
  },
  {
    name: 'a phone gives up',
    reports: 'offHook idleToBusy outgoingCall cancelCallOut onHook busyToIdle',
    async play({ press }, baresip) {
      await press(A, `${BARE};DIAL`);
      await baresip.until('CALL_INCOMING');
      await press(A, 'ENDCALL');
      await baresip.until('CALL_CLOSED');
    },
  },
  {
    name: 'baresip gives up',
    reports: 'idleToBusy incomingCall callRemoteCanceled missedCall busyToIdle',
    async play(phones, baresip) {
      baresip.tell('dial', A);
      await phones.until(A, 'incomingCall');
      await baresip.until('CALL_RINGING');
      await baresipHangsUp(phones, baresip);
    },
  },
  {
    name: 'each hears the tone of the other',
    reports: `${CALLED} ${OVER}`,
    async play(phones, baresip) {
      await calls(phones, baresip);
      expect((await phones.hears(A)).sound.hertz).toBeCloseTo(BARE_TONE, -1);
      await hangsUp(phones, baresip);
      const heard = baresip.heard();
      const tone = phones.simulator.toneOf(A) ?? 0;
      expect(levelOf(heard, tone)).toBeGreaterThan(levelOf(heard, tone + 200) + 20);
    },
  },
  {
    name: 'a phone holds and resumes, which baresip sees',
    reports: `${CALLED} hold unHold ${OVER}`,
    async play(phones, baresip, pbx) {
      await calls(phones, baresip);
      const offered = () => (pbx === 'proxy' ? baresip.until('CALL_REMOTE_SDP') : undefined);
      await offered();
      await phones.press(A, 'HOLD');
      await Promise.all([phones.until(A, 'hold'), offered()]);
      await phones.press(A, 'RESUME');
      await Promise.all([phones.until(A, 'unHold'), offered()]);
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'baresip holds and resumes, which a phone behind a proxy sees',
    reports: `${CALLED} ${OVER}`,
    async play(phones, baresip, pbx) {
      await calls(phones, baresip);
      baresip.tell('hold');
      if (pbx === 'proxy') await becomes(() => isHeld(phones));
      baresip.tell('resume');
      await becomes(() => !isHeld(phones));
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'both hold, then resume',
    reports: `${CALLED} hold unHold ${OVER}`,
    async play(phones, baresip, pbx) {
      await calls(phones, baresip);
      await phones.press(A, 'HOLD');
      await phones.until(A, 'hold');
      baresip.tell('hold');
      if (pbx === 'proxy') await baresip.until('CALL_REMOTE_SDP');
      await phones.press(A, 'RESUME');
      await phones.until(A, 'unHold');
      baresip.tell('resume');
      await becomes(() => !isHeld(phones));
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'digits both ways',
    reports: `${CALLED} ${OVER}`,
    async play(phones, baresip) {
      await calls(phones, baresip);
      await phones.press(A, '1;2;POUND');
      for (const digit of ['1', '2', '#'])
        expect(await baresip.until('CALL_DTMF_START')).toMatchObject({ param: digit });
      baresip.tell('sndcode', '4');
      expect(await phones.until(A, 'toneHeard')).toMatchObject({ detail: '4' });
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'a phone is muted, and speaks again',
    reports: `${CALLED} mute unMute ${OVER}`,
    async play(phones, baresip) {
      await calls(phones, baresip);
      await phones.press(A, 'MUTE');
      await phones.until(A, 'mute');
      await phones.press(A, 'MUTE');
      await phones.until(A, 'unMute');
      await hangsUp(phones, baresip);
    },
  },
  {
    name: 'a phone forwards baresip to a phone (302)',
    reports: 'idleToBusy incomingCall forwardIncomingCall busyToIdle',
    async play({ press, until }, baresip) {
      baresip.tell('dial', A);
      await until(A, 'incomingCall');
      await press(A, `FORWARD;${C};SEND`);
      await until(C, 'incomingCall');
      await press(C, 'ANSWER');
      await until(C, 'established');
      await press(C, 'ENDCALL');
      await Promise.all([until(C, 'busyToIdle'), baresip.until('CALL_CLOSED')]);
    },
  },
  {
    name: 'baresip calls a phone in a call, waits, and is answered',
    reports: `openCallWaiting ${CALLED} incomingCall hold answerNewIncomingCall established terminated ${OVER} closeCallWaiting`,
    async play(phones, baresip) {
      const { press, until, call } = phones;
      await press(A, 'MENU;OK;RELEASE');
      await call(A, C);
      baresip.tell('dial', A);
      await until(A, 'incomingCall');
      await press(A, 'ANSWER');
      await Promise.all([until(A, 'established'), baresip.until('CALL_ESTABLISHED')]);
      await press(C, 'ENDCALL');
      await until(C, 'busyToIdle');
      await press(A, 'ENDCALL');
      await Promise.all([until(A, 'busyToIdle'), baresip.until('CALL_CLOSED')]);
      await press(A, 'MENU;OK;RELEASE');
    },
  },
  {
    name: 'baresip hands a phone over to a phone',
    reports: '',
    async play({ press, until, hears, simulator, ...rest }, baresip) {
      await isCalled({ press, until, hears, simulator, ...rest }, baresip);
      baresip.tell('transfer', C);
      await until(C, 'incomingCall');
      await press(C, 'ANSWER');
      await Promise.all([until(C, 'established'), baresip.until('CALL_CLOSED')]);
      expect((await hears(C)).sound.hertz).toBe(simulator.toneOf(A));
      await press(C, 'ENDCALL');
      await until(A, 'busyToIdle');
    },
  },
  {
    name: 'a phone hands baresip over to a phone',
    reports: `${CALLED} hold transferCall blindTransfer transferFinished ${OVER}`,
    async play(phones, baresip) {
      const { press, until, hears } = phones;
      await calls(phones, baresip);
      await press(A, `TRANSFER;${C}`);
      await until(A, 'hold');
      await press(A, 'BLIND');
      await until(C, 'incomingCall');
      await press(C, 'ANSWER');
      await Promise.all([until(A, 'busyToIdle'), until(C, 'established')]);
      expect((await hears(C)).sound.hertz).toBeCloseTo(BARE_TONE, -1);
      await press(C, 'ENDCALL');
      await until(C, 'busyToIdle');
    },
  },
  {
    name: 'a phone hands a phone over to baresip',
    reports: `${CALLED} hold transferCall blindTransfer transferFinished ${OVER}`,
    async play(phones, baresip) {
      const { call, press, until, hears } = phones;
      await call(A, C);
      await press(A, `TRANSFER;${BARE}`);
      await until(A, 'hold');
      await press(A, 'BLIND');
      await baresip.until('CALL_INCOMING');
      baresip.tell('accept');
      await until(A, 'busyToIdle');
      await baresip.until('CALL_ESTABLISHED');
      for (;;) if (Math.abs(((await hears(C)).sound.hertz ?? 0) - BARE_TONE) < 5) break;
      await press(C, 'ENDCALL');
      await until(C, 'busyToIdle');
    },
  },
  {
    name: 'a phone hands a phone over to baresip, which still rings',
    reports: `${CALLED} hold outgoingCall cancelCallOut transferCall attendedTransfer transferFinished ${OVER}`,
    async play(phones, baresip) {
      const { call, press, until, hears } = phones;
      await call(A, C);
      await press(A, `TRANSFER;${BARE}`);
      await until(A, 'hold');
      await press(A, 'SEND');
      await baresip.until('CALL_INCOMING');
      await press(A, 'TRANSFER');
      await baresip.until('CALL_CLOSED');
      await baresip.until('CALL_INCOMING');
      baresip.tell('accept');
      await until(A, 'busyToIdle');
      await baresip.until('CALL_ESTABLISHED');
      for (;;) if (Math.abs(((await hears(C)).sound.hertz ?? 0) - BARE_TONE) < 5) break;
      await press(C, 'ENDCALL');
      await until(C, 'busyToIdle');
    },
  },
  {
    name: 'a conference of a phone, baresip and a phone: each hears the others',
    reports: `${CALLED} hold outgoingCall established unHold terminated ${OVER}`,
    async play(phones, baresip) {
      const { call, press, until, simulator } = phones;
      await call(A, C);
      await press(A, `CONFERENCE;${BARE}`);
      await until(A, 'hold');
      await press(A, 'SEND');
      await baresip.until('CALL_INCOMING');
      baresip.tell('accept');
      await Promise.all([until(A, 'established'), baresip.until('CALL_ESTABLISHED')]);
      await press(A, 'CONFERENCE');
      await until(A, 'unHold');
      // C hears two tones at once, of similar level.
      await becomes(() => {
        const [audio] = simulator.audio(C);
        return (audio?.sound.milliseconds ?? 0) >= 300 && (audio?.sound.above ?? 90) < 12;
      });
      await press(A, 'ENDCALL');
      await Promise.all([until(A, 'busyToIdle'), until(C, 'busyToIdle'), baresip.until('CALL_CLOSED')]);
      const heard = baresip.heard();
      const level = (number: string) => levelOf(heard, simulator.toneOf(number) ?? 0);
      expect(Math.min(level(A), level(C))).toBeGreaterThan(levelOf(heard, 3000) + 20);
    },
  },
];
