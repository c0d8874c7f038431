/** Which replies of a phone mean that it asks "Allow Remote Control?" or does not list this address. */
export interface ApprovalSettings {
  /** Status codes; 403 by default, as sibling phones answer. The document does not say. */
  readonly status?: readonly number[] | undefined;
  /** A text in the body that means it, for firmware that asks with a 200. */
  readonly body?: string | undefined;
}

/** What a phone's answer says. */
export type ReplyOutcome = 'ok' | 'approval' | 'unauthorized' | 'refused';

/** An answer of a phone, as far as it matters. */
export interface Reply {
  readonly status: number;
  /** The first 64 KiB. */
  readonly body: string;
}

/**
 * Classifies an answer. Only 200 is success ("respond with a 200 OK message"); what a phone answers while it asks is
 * not documented, so it is a setting.
 */
export function interpretReply(reply: Reply, approval: ApprovalSettings = {}): ReplyOutcome {
  const asks = (approval.status ?? [403]).includes(reply.status);
  const { body = '' } = approval;
  const saysSo = body !== '' && reply.body.includes(body);
  if (asks || saysSo) return 'approval';
  if (reply.status === 200) return 'ok';
  return reply.status === 401 ? 'unauthorized' : 'refused';
}
