import { expect, it } from 'vitest';
import { type ApprovalSettings, interpretReply, type ReplyOutcome } from '../../src/protocol/reply.ts';

it.each<[number, string, ApprovalSettings | undefined, ReplyOutcome]>([
  [200, '', undefined, 'ok'],
  [200, 'Allow Remote Control?', undefined, 'ok'],
  [403, '', undefined, 'approval'],
  [401, '', undefined, 'unauthorized'],
  [201, '', undefined, 'refused'],
  [204, '', undefined, 'refused'],
  [302, '', undefined, 'refused'],
  [404, '', undefined, 'refused'],
  [500, '', undefined, 'refused'],
  [403, '', {}, 'approval'],
  [403, '', { status: [] }, 'refused'],
  [403, '', { status: [503] }, 'refused'],
  [503, '', { status: [403, 503] }, 'approval'],
  [401, '', { status: [401] }, 'approval'],
  [200, '', { status: [200] }, 'approval'],
  [200, '<p>Allow Remote Control?</p>', { body: 'Allow Remote' }, 'approval'],
  [200, 'done', { body: 'Allow Remote' }, 'ok'],
  [500, 'Allow Remote', { body: 'Allow Remote' }, 'approval'],
  [403, 'done', { body: 'Allow Remote' }, 'approval'],
  [200, 'done', { body: '' }, 'ok'],
])('%i %j with %j: %s', (status, body, approval, verdict) => {
  expect(interpretReply({ status, body }, approval)).toBe(verdict);
});
