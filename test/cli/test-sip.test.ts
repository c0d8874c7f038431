import { describe, expect, it } from 'vitest';
import { folderAtPbx } from './sip-phones.ts';
import { scenario } from './testing.ts';

const at = (steps: string, more = '') =>
  scenario(steps, more).replace(
    'phones: { a: virtual, b: virtual }',
    'phones: { a: { sip: lab-6001 }, b: { sip: lab-6002 }, c: { sip: lab-6003 } }',
  );

const CALL =
  'a: dial $b\nb: { expect: incomingCall, where: { remote: "*$a*" } }\nb: answer\n[a, b]: { expect: established }';

describe('phones at a PBX', () => {
  it('register, call each other, and prove that they hear each other', async () => {
    const { atcom, pbx } = await folderAtPbx({
      'x.yaml': at(`[a, b, c]: { expect: registered }\n${CALL}\nb: { hears: a }\na: { hears: b }`),
    });
    const { exitCode, stdout, stderr } = await atcom('x.yaml --json --no-trace');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [result] = JSON.parse(stdout).results;
    expect(result.phones).toMatchObject([
      { role: 'a', phone: 'lab-6001', extension: '6001', virtual: true, sip: `sip:6001@${pbx.host}` },
      { role: 'b', phone: 'lab-6002' },
      { role: 'c' },
    ]);
    const sounds = result.attempts[0].steps.flatMap(({ sound }: { sound?: string }) => sound ?? []);
    expect(sounds).toEqual([
      expect.stringMatching(/^heard 500 Hz, that is a's tone, \d\d dB$/),
      expect.stringMatching(/^heard 528 Hz, that is b's tone, \d\d dB$/),
    ]);
    // They have logged off.
    expect(pbx.contacts.size).toBe(0);
  });
});
