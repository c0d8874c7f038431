import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** The built library, as a user's module imports it. */
const LIBRARY = JSON.stringify(new URL('../../dist/index.js', import.meta.url));

/** Runs a module in a process of its own. */
function runScript(script: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const words = ['--input-type=module', '--eval', script];
  return new Promise((resolve) => {
    execFile(process.execPath, words, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('a program that uses the library', () => {
  it('is not ended by a subscriber that fails, and hears of it on stderr', async () => {
    const script = `
      import { EventHub } from ${LIBRARY};
      const hub = new EventHub();
      hub.subscribe(({ values }) => { throw new Error(values.remote); });
      hub.subscribe(async () => { throw new Error('later'); });
      hub.subscribe(({ event }) => process.stdout.write(event));
      hub.publish({ event: 'hold', phone: 'a', values: { remote: 'x\\u001b[2J' } });`;
    const { stdout, stderr } = await runScript(script);
    expect(stdout).toBe('hold');
    expect(stderr).toContain('atcom: a subscriber failed at hold of a: Error: x\\u001b[2J\n');
    expect(stderr).toContain('Error: later');
  });

  it('ends although it waits, once its receiver is closed', async () => {
    const script = `
      import { startReceiver } from ${LIBRARY};
      const { hub, close } = await startReceiver({ port: 0 });
      setImmediate(close);
      for await (const event of hub.events()) console.log(event);
      await hub.waitFor('hold').catch(({ code }) => console.log(code));`;
    expect(await runScript(script)).toMatchObject({ code: 0, stdout: 'receiver-closed\n' });
  });
});
