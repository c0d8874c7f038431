import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approvalsFile, readApprovals, rememberApprovals } from '../../src/doctor/approvals.ts';
import { approvalHint } from '../../src/doctor/hints.ts';
import { emptyFolder } from '../cli/run.ts';
import { me } from '../support/me.ts';

const AT = '2026-11-23T10:00:00.000Z';

/** An environment with a state folder of its own. */
function environment(folder = emptyFolder()) {
  return { HOME: folder };
}

/** An environment whose file holds a text. */
function holding(text: string) {
  const env = environment();
  const file = approvalsFile(me(env));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return env;
}

describe('the file of approvals', () => {
  it.each([
    ['linux', {}, '/h/.local/state/atcom/approvals.json'],
    ['linux', { XDG_STATE_HOME: '/s' }, '/s/atcom/approvals.json'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/h/.local/state/atcom/approvals.json'],
    ['darwin', { XDG_STATE_HOME: '/s' }, '/h/Library/Application Support/atcom/approvals.json'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l/atcom/approvals.json'],
    ['win32', {}, '/h/AppData/Local/atcom/approvals.json'],
  ] as const)('on %s with %j is %s', (system, env, file) => {
    expect(approvalsFile(me({ HOME: '/h', ...env }), system)).toBe(join(file));
  });

  it('is created with its folders, for its owner only, and leaves no other file', async () => {
    const env = environment();
    const file = approvalsFile(me(env));
    expect(await rememberApprovals(me(env), new Map([['10.0.0.1', { at: AT, from: '10.0.0.9' }]]))).toEqual({
      written: true,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      phones: { '10.0.0.1': { at: AT, from: '10.0.0.9' } },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['approvals.json']);
  });

  it('keeps the phones it has, whatever they are called, and replaces an older approval', async () => {
    const env = environment();
    await rememberApprovals(me(env), new Map([['a', { at: AT }]]));
    await rememberApprovals(me(env), new Map([['__proto__', { at: AT }]]));
    await rememberApprovals(me(env), new Map([['a', { at: '2027-01-01T00:00:00.000Z', from: '::1' }]]));
    expect([...(await readApprovals(me(env))).approvals]).toEqual([
      ['a', { at: '2027-01-01T00:00:00.000Z', from: '::1' }],
      ['__proto__', { at: AT }],
    ]);
  });

  it('that is not there holds nothing, and nothing is wrong with that', async () => {
    expect(await readApprovals(me(environment()))).toEqual({ approvals: new Map() });
  });

  it.each([
    ['{', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['[]', 'atcom did not write it'],
    ['{"phones":[]}', 'atcom did not write it'],
    [' '.repeat(1024 * 1024 + 1), 'it is larger than 1 MiB'],
  ])('that is broken is told, and begun anew', async (text, reason) => {
    const env = holding(text);
    const complaint = `${approvalsFile(me(env))} cannot be read: ${reason}`;
    expect(await readApprovals(me(env))).toEqual({ approvals: new Map(), complaint });
    expect(await rememberApprovals(me(env), new Map([['a', { at: AT }]]))).toEqual({
      written: true,
      complaint: `${complaint}; a new one was started`,
    });
    expect(await readApprovals(me(env))).toEqual({ approvals: new Map([['a', { at: AT }]]) });
  });

  it('drops entries that make no sense, and invalid addresses', async () => {
    const phones = { a: 1, b: { at: '\u001b[2J' }, c: { at: AT, from: '\u001b[2J' }, d: null };
    const { approvals } = await readApprovals(me(holding(JSON.stringify({ phones }))));
    expect([...approvals]).toEqual([['c', { at: AT }]]);
  });

  it.each([
    ['a folder in its place', 'approvals.json/x'],
    ['a file in place of its folder', ''],
  ])('cannot be written with %s, which is told', async (_, inside) => {
    const env = environment();
    const folder = dirname(approvalsFile(me(env)));
    mkdirSync(inside === '' ? dirname(folder) : join(folder, inside), { recursive: true });
    if (inside === '') writeFileSync(folder, '');
    const { written, complaint } = await rememberApprovals(me(env), new Map([['a', { at: AT }]]));
    expect(written).toBe(false);
    expect(complaint).toContain(`${approvalsFile(me(env))} cannot be written: `);
    if (inside !== '') expect(readdirSync(folder)).toEqual(['approvals.json']);
  });

  it.runIf(process.platform === 'linux')('gives up below /proc, where no folder can be made', async () => {
    const env = { XDG_STATE_HOME: '/proc/atcom/state/deep' };
    expect(await rememberApprovals(me(env), new Map([['a', { at: AT }]]))).toEqual({
      written: false,
      complaint:
        '/proc/atcom/state/deep/atcom/approvals.json cannot be written: its folder is not there; set XDG_STATE_HOME to a folder that can be written',
    });
  });
});

describe('the hint', () => {
  const own = '172.16.0.184';
  const asking = { target: '172.16.0.57', own, remembered: undefined };

  it('at first contact names atcom allow, and this computer for the allow list', () => {
    expect(approvalHint(asking)).toBe(
      'press Save on the phone and run the command again, or run atcom allow 172.16.0.57, which waits for that and checks it; the "Action URI allow IP list" of its page Phone – Remote Control must hold 172.16.0.184, this computer',
    );
  });

  it.each([own, undefined])('after an approval says that it seems to be lost', (from) => {
    const remembered = from === undefined ? { at: AT } : { at: AT, from };
    const hint = approvalHint({ ...asking, remembered });
    expect(hint).toContain('approved this computer on 2026-11-23, and that seems to be lost');
    expect(hint).toContain('atcom allow 172.16.0.57');
    expect(hint).toContain(`enter ${own}, this computer, in the "Action URI allow IP list"`);
  });

  it('says that the address of this computer has changed', () => {
    const hint = approvalHint({ ...asking, remembered: { at: AT, from: '172.16.0.9' } });
    expect(hint).toContain('as 172.16.0.9, and its address is now 172.16.0.184: enter that in the');
    expect(hint).not.toContain('lost');
  });

  it('does without an address', () => {
    expect(approvalHint({ ...asking, own: undefined })).toContain("must hold this computer's address");
  });
});
