import { describe, expect, it } from 'vitest';
import {
  type ApprovalSettings,
  complaintOf,
  interpretReply,
  type ReplyOutcome,
} from '../../src/protocol/reply.ts';

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
  [200, '', { status: [200] }, 'ok'],
  [200, 'OK', { status: [200], body: 'Allow' }, 'ok'],
  [200, 'Allow?', { status: [200], body: 'Allow' }, 'approval'],
  [200, '<p>Allow Remote Control?</p>', { body: 'Allow Remote' }, 'approval'],
  [200, 'done', { body: 'Allow Remote' }, 'ok'],
  [500, 'Allow Remote', { body: 'Allow Remote' }, 'approval'],
  [403, 'done', { body: 'Allow Remote' }, 'approval'],
  [200, 'done', { body: '' }, 'ok'],
])('%i %j with %j: %s', (status, body, approval, verdict) => {
  expect(interpretReply({ status, body }, approval)).toBe(verdict);
});

it.each<[number, string, ApprovalSettings | undefined, ReplyOutcome]>([
  [401, '', { status: [401] }, 'unauthorized'],
  [401, 'Not Allowed', { body: 'Allow' }, 'unauthorized'],
  [200, 'Allow: <input type="password">', { body: 'Allow' }, 'unauthorized'],
  [403, '', undefined, 'approval'],
  [200, 'Allow Remote Control?', { body: 'Allow' }, 'approval'],
])('after credentials: %i %j with %j: %s', (status, body, approval, verdict) => {
  expect(interpretReply({ status, body }, approval, true)).toBe(verdict);
});

describe('an answer of 200', () => {
  it.each([
    '<form action="/login"><input name=user><input type="password" name="pw"></form>',
    "<INPUT id=x TYPE='Password'>",
    '<input autocomplete="off" type=password>',
  ])('that asks for a password is no success: %s', (body) => {
    expect(interpretReply({ status: 200, body })).toBe('unauthorized');
  });

  it.each([
    '',
    'OK',
    '<html><body>password: changed</body></html>',
    '<input type="text" name="password">',
    '{"result":"ok"}',
  ])('is one with %j', (body) => {
    expect(interpretReply({ status: 200, body })).toBe('ok');
  });

  it.each([
    ['{"response":"error"}', '{"response":"error"}'],
    ['{"error":{"code":5}}', '{"error":{"code":5}}'],
    ['{"success":false}', '{"success":false}'],
    ['{"msg":"Invalid key"}', '{"msg":"Invalid key"}'],
    ['Error: no such key\n', 'Error: no such key'],
    ['<html><head><title>x</title></head><body><h1>Access denied</h1></body></html>', 'x Access denied'],
    ['{"response":"error"', '{"response":"error"'],
    [`failed ${'x'.repeat(300)}`, `failed ${'x'.repeat(113)}…`],
  ])('that names a failure has a warning: %s', (body, warning) => {
    expect(complaintOf(body)).toBe(warning);
  });

  it.each([
    '',
    'OK',
    '{"response":"ok","error":0}',
    '{"errors":[],"success":true}',
    '{"error":""}',
    '<script>window.onerror = function (error) {}</script>Done',
    'mirrored terror',
    'null',
  ])('has none with %j', (body) => {
    expect(complaintOf(body)).toBeUndefined();
  });
});
