import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desktopEntry, propertyList, registryFile } from '../../src/cli/handler/desktop.ts';
import { emptyFolder, run } from './run.ts';

const log = (cwd: string) => readFileSync(join(cwd, '.local/state/atcom/handler.log'), 'utf8');

describe('atcom handler open', () => {
  it('calls the number of a link, and writes down what became of it', async () => {
    const cwd = emptyFolder();
    const words = ['handler', 'open', 'tel:6040', '--to', 'virtual', '--no-ask'];
    expect(await run(words, { cwd })).toMatchObject({ exitCode: 0 });
    expect(log(cwd)).toMatch(/^\d{4}-\d\d-\d\dT\S+ tel:6040 calls\n\S+ tel:6040 ended with 0\n$/);
  });

  it('asks first, and calls nobody without a yes', async () => {
    const cwd = emptyFolder();
    const words = ['handler', 'open', 'callto:6040', '--to', 'virtual'];
    expect(await run(words, { cwd, typed: 'no\n' })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await run(words, { cwd })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(log(cwd)).not.toContain('calls');
    expect(await run(words, { cwd, typed: 'yes\n' })).toMatchObject({ exitCode: 0 });
  });

  it.each(['http://example.org', '--to=x', 'javascript:1', 'tel:$(reboot)'])('refuses %s', async (link) => {
    const { exitCode, stdout } = await run(['handler', 'open', '--no-ask', '--to', 'virtual', '--', link]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('what a desktop reads', () => {
  const start = { program: '/opt/a b/at%com', words: ['handler', 'open', '--to', '$(x)"'], ask: true };

  it('starts the program with words, never a line for a shell', () => {
    expect(desktopEntry(start)).toContain(
      'Exec="/opt/a b/at%%com" handler open --to "\\\\$(x)\\\\"" %u\nTerminal=true',
    );
  });

  it('is written for other systems, and said to be untested', async () => {
    expect(registryFile({ ...start, program: 'C:\\atcom.exe', words: ['handler', 'open'] })).toContain(
      '@="\\"C:\\\\atcom.exe\\" \\"handler\\" \\"open\\" \\"%1\\""',
    );
    expect(propertyList()).toContain('<string>callto</string>');
    const { stdout } = await run(['handler', 'install', '--for', 'macos', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ system: 'macos', tested: false });
  });
});
