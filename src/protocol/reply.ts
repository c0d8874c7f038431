/** Which responses mean that a phone shows "Allow Remote Control?", or that this address is not on its allow list. */
export interface ApprovalSettings {
  /** Status codes other than 200; 403 by default, as similar phones respond. The document does not say. */
  readonly status?: readonly number[] | undefined;
  /** A text in the body that means the same, for firmware that answers 200 while it shows the prompt. */
  readonly body?: string | undefined;
}

/** The meaning of a phone's response. */
export type ReplyOutcome = 'ok' | 'approval' | 'unauthorized' | 'refused';

/** The parts of a response that matter. */
export interface Reply {
  readonly status: number;
  /** The first 64 KiB. */
  readonly body: string;
}

/**
 * Classifies a response. Only 200 is success ("respond with a 200 OK message"). What a phone responds while it shows
 * its prompt is not documented, so it is a setting.
 *
 * @param authorized - the phone knows the credentials: then a 401 or a login page can mean nothing else
 */
export function interpretReply(
  reply: Reply,
  approval: ApprovalSettings = {},
  authorized = false,
): ReplyOutcome {
  const { status = [403], body = '' } = approval;
  const asksWho = reply.status === 401 || (reply.status === 200 && LOGIN.test(reply.body));
  if (asksWho && authorized) return 'unauthorized';
  const saysSo = body !== '' && reply.body.includes(body);
  // 200 is what a phone responds that has pressed the key, too: only the text tells them apart, and a key that was
  // pressed must never be sent again.
  if (saysSo || (reply.status !== 200 && status.includes(reply.status))) return 'approval';
  if (asksWho) return 'unauthorized';
  return reply.status === 200 ? 'ok' : 'refused';
}

/** A login page is not a response to a key, whatever its status. */
const LOGIN = /<input\b[^<>]*\btype\s*=\s*["']?password\b/i;

const FAILURE = /\b(?:error|fail(?:ed|ure)?|denied|invalid|not allowed|forbidden)\b/i;

/** How many characters of a body fit on a line. */
const LONGEST = 120;

/**
 * What a 200 response says that sounds like a failure; undefined if nothing does. The body is not documented, so this
 * is a warning, not an outcome.
 */
export function complaintOf(body: string): string | undefined {
  const text = body
    .replace(/<(script|style)\b(?:[^<]|<(?!\/\1\b))*/gi, ' ')
    .replace(/<[^<>]*>?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const fails = /^[[{]/.test(text) ? namesFailure(text) : FAILURE.test(text);
  if (!fails) return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Whether JSON reports a failure: a value that says so, or a truthy `error`. `{"error":0}` does not. */
function namesFailure(text: string): boolean {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return FAILURE.test(text);
  }
  return Object.entries(value).some(([name, said]) => {
    if (/^(?:success|ok)$/i.test(name)) return said === false;
    if (/^errors?$/i.test(name))
      return Boolean(said) && said !== '0' && !(Array.isArray(said) && said.length === 0);
    return typeof said === 'string' && FAILURE.test(said);
  });
}
