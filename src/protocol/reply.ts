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
  if (reply.status === 200) return 'ok';
  return reply.status === 401 ? 'unauthorized' : 'refused';
}
