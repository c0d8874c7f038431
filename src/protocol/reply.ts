/** Which answers mean that a phone asks "Allow Remote Control?", or that this address is not on its allow list. */
export interface ApprovalSettings {
  /** Status codes; 403 by default, as similar phones answer. The document does not say. */
  readonly status?: readonly number[] | undefined;
  /** A text in the body that means the same, for firmware that answers 200 while it asks. */
  readonly body?: string | undefined;
}

/** What a phone's answer says. */
export type ReplyOutcome = 'ok' | 'approval' | 'unauthorized' | 'refused';

/** The parts of an answer that matter. */
export interface Reply {
  readonly status: number;
  /** The first 64 KiB. */
  readonly body: string;
}

/**
 * Classifies an answer. Only 200 is success ("respond with a 200 OK message"). What a phone answers while it asks is
 * not documented, so it is a setting.
 */
export function interpretReply(reply: Reply, approval: ApprovalSettings = {}): ReplyOutcome {
  const asks = (approval.status ?? [403]).includes(reply.status);
  const { body = '' } = approval;
  const saysSo = body !== '' && reply.body.includes(body);
  if (asks || saysSo) return 'approval';
  if (reply.status === 401 || (reply.status === 200 && LOGIN.test(reply.body))) return 'unauthorized';
  return reply.status === 200 ? 'ok' : 'refused';
}

/** A page that asks for a password is no answer to a key, whatever its status says. */
const LOGIN = /<input\b[^>]*\btype\s*=\s*["']?password\b/i;

const FAILURE = /\b(?:error|fail(?:ed|ure)?|denied|invalid|not allowed|forbidden)\b/i;

/** As much of a body as fits in a line. */
const LONGEST = 120;

/**
 * What an answer of 200 says that sounds like a failure; undefined where it does not. Nothing is promised of the body,
 * so that is a warning, not an outcome.
 */
export function complaintOf(body: string): string | undefined {
  const text = body
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const fails = /^[[{]/.test(text) ? namesFailure(text) : FAILURE.test(text);
  if (!fails) return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Whether JSON names a failure: a value that says so, or an `error` that is one. `{"error":0}` names none. */
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
