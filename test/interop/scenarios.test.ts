import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../cli/run.ts';
import { folderWith } from '../cli/testing.ts';
import { ROOT } from '../house/run.ts';
import { interop } from './tools.ts';

const env = { ATCOM_CONFIG: join(ROOT, 'examples/pbx/atcom.config.yaml') };

interop('scenarios', () => {
  it('of virtual phones run unchanged through a proxy', async () => {
    // The PBX decides how long phones ring, and lets them ring longer than this scenario waits.
    const files = readdirSync(join(ROOT, 'examples/scenarios')).filter((file) => file !== 'no-answer.yaml');
    const words = files.map((file) => join(ROOT, 'examples/scenarios', file));
    const { exitCode, stdout } = await run(['test', ...words, '--sip-pbx', 'kamailio', '--no-trace'], {
      env,
    });
    expect(stdout).toMatch(/\n(\d\d) scenarios: \1 passed;/);
    expect(exitCode).toBe(0);
  });

  it.each(['kamailio', 'asterisk'])('through %s fail where the wrong phone is heard', async (pbx) => {
    const { atcom } = folderWith({
      'x.yaml': `name: wrong
phones: { a: virtual, b: virtual, c: virtual }
steps:
  - a: dial $b
  - b: { expect: incomingCall }
  - b: answer
  - [a, b]: { expect: established }
  - b: { hears: a }
  - a: { hears: c, within: 1s }
`,
    });
    const { exitCode, stdout } = await atcom(`x.yaml --sip-pbx ${pbx} --no-trace`, { env });
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(
      /a \(\w+-6001\) did not hear c within 1s; a heard 2080 Hz, that is b's tone, \d\d dB/,
    );
  });
});
