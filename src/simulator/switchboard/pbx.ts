import type { Code } from '../line.ts';

/** What is between the phones: a proxy passes their messages on, a back-to-back user agent has a call with each. */
export type Pbx = 'proxy' | 'b2bua';

/**
 * Where phones see a difference: as kamailio 5.6 (a proxy) and Asterisk 22 (a B2BUA) were seen to behave with the same
 * phones. What a phone of ATCOM reports behind them is not known.
 */
export const PBXES = {
  proxy: {
    /** Both ends name the call by one id. */
    oneId: true,
    /** The caller learns of the answer at once, the callee when the caller has confirmed it; a B2BUA confirms itself. */
    calleeFirst: false,
    /** Who is forwarded or picked up sees the new number. */
    callerFollows: true,
    /** The other side of a transfer calls the target itself, and of a hold it is told. */
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
