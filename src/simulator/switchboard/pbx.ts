import type { Code } from '../line.ts';

/**
 * What is between the phones: a proxy passes on their messages, a back-to-back user agent has a separate call with
 * each.
 */
export type Pbx = 'proxy' | 'b2bua';

/**
 * The differences that phones can see, as observed with kamailio 5.6 (a proxy) and Asterisk 22 (a B2BUA) and the same
 * phones. What an ATCOM phone reports behind them is not known.
 */
export const PBXES = {
  proxy: {
    /** Both ends use the same call id. */
    oneId: true,
    /**
     * The caller learns of the answer at once, and the callee once the caller has confirmed it; a B2BUA confirms it
     * itself.
     */
    calleeFirst: false,
    /** When a call is forwarded or picked up, the caller sees the new number. */
    callerFollows: true,
    /** The other party of a transfer calls the target itself, and is notified of a hold. */
    phonesTransfer: true,
    passesHold: true,
    finishesWhenRinging: false,
    noAnswer: 408,
    refusal: (code: Code): Code => code,
  },
  b2bua: {
    oneId: false,
    calleeFirst: true,
    callerFollows: false,
    phonesTransfer: false,
    passesHold: false,
    finishesWhenRinging: true,
    /** Its dial plan hangs up, which it turns into 603. */
    noAnswer: 603,
    refusal: (code: Code): Code => (code === 603 ? 403 : code),
  },
} as const;
