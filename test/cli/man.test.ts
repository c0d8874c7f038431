import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../src/cli/help/topics.ts';
import { fromHelp, plain } from '../../src/cli/man/roff.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { emptyFolder, run } from './run.ts';

describe('atcom help --man', () => {
  it('writes the page of a command, with the options of its help', async () => {
    const { stdout, exitCode } = await run(['help', 'dial', '--man']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\.TH "ATCOM-DIAL" 1 /);
    for (const part of ['.SH "SYNOPSIS"', '\\-\\-to <target>', '\\-\\-profile <profile>', '.BR atcom (1)']) {
      expect(stdout).toContain(part);
    }
  });

  it('says which pages there are', async () => {
    const { exitCode, stderr } = await run(['help', 'dail', '--man']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('atcom-dial(1)');
  });

  it('writes a page for every command and topic, and for the config', async () => {
    const cwd = emptyFolder();
    expect(await run(['help', '--man-to', 'man'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    const files = readdirSync(join(cwd, 'man'), { recursive: true, encoding: 'utf8' });
    // Everybody may read them.
    expect(statSync(join(cwd, 'man/man1')).mode & 0o777 & ~process.umask()).toBe(0o755 & ~process.umask());
    const commands = Object.keys(COMMANDS).filter((name) => name !== 'help');
    const pages = [
      'man1/atcom.1',
      ...commands.map((name) => `man1/atcom-${name}.1`),
      ...TOPICS.map(({ name }) => `man7/atcom-${name}.7`),
      'man5/atcom.config.5',
    ];
    expect(files.filter((file) => file.includes('/')).sort()).toEqual(pages.sort());
  });

  it('lists every setting in the schema', async () => {
    const { stdout } = await run(['help', 'config', '--man']);
    expect(stdout).toContain('ATCOM-CONFIG');
    const cwd = emptyFolder();
    await run(['help', '--man-to', '.'], { cwd });
    const text = readFileSync(join(cwd, 'man5', 'atcom.config.5'), 'utf8');
    for (const setting of [
      'default',
      'phones',
      'timeout',
      'password',
      'port',
      '/etc/atcom/atcom.config.yaml',
    ]) {
      expect(text).toContain(setting);
    }
  });

  it('reports a folder that cannot be written', async () => {
    const { exitCode, stderr } = await run(['help', '--man-to', '/dev/null/man']);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toContain('/dev/null/man');
  });
});

describe('text of the help as roff', () => {
  it('is never a roff request, whatever it begins with', () => {
    expect(plain(".x\n'y \\z --to")).toBe("\\&.x\n\\&'y \\ez \\-\\-to");
  });

  it('becomes lists, examples and paragraphs', () => {
    expect(fromHelp('One\ntwo:\n  a   the first\n\n  $ atcom x')).toBe(
      '.PP\nOne\ntwo:\n.TP\n.B "a"\nthe first\n.PP\n.EX\n  $ atcom x\n.EE',
    );
  });
});
