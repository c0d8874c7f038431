import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const page = readFileSync(join(ROOT, 'docs/administration.md'), 'utf8');
const root = temporaryFolder();
const bin = cleanEnvironment(root)['PATH']?.split(':')[0] ?? '';

/** The block of the page that contains this text, with its paths below `root`. */
function block(containing: string): string {
  const blocks = Array.from(page.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
  const found = blocks.find((text) => text.includes(containing)) ?? '';
  expect(found, containing).not.toBe('');
  return found.replace(/(?<= |=|"|>|-)(?=\/(?:etc|var|usr\/local)\/)/g, root);
}

/** Runs a line as cron does: with sh, from the home folder, with four environment variables. */
function cron(line: string, path: string) {
  const env = { HOME: root, LOGNAME: 'root', SHELL: '/bin/sh', PATH: `${bin}:${path}` };
  return run('/bin/sh', ['-c', line.replaceAll('\\%', '%')], { cwd: root, env });
}

/** Virtual phones of a group floor1 in the config of the computer. */
async function phones(count: number) {
  const simulator = await startSimulator({ phones: count, approved: true });
  onTestFinished(() => simulator.close());
  const names = simulator.phones.map(({ name, host }) => `  ${name}: "${host}"\n`);
  mkdirSync(join(root, 'etc/atcom'), { recursive: true });
  const config = join(root, 'etc/atcom/atcom.config.yaml');
  writeFileSync(config, `phones:\n${names.join('')}groups: { floor1: "virtual-[1-2]" }\n`);
  const presses = () => simulator.phones.map(({ extension }) => simulator.state(extension).presses);
  return { simulator, config, presses };
}

describe('a nightly job', () => {
  const script = join(root, 'usr/local/sbin/atcom-night');
  const logs = join(root, 'var/log/atcom');
  for (const folder of ['usr/local/sbin', 'var/log/atcom'])
    mkdirSync(join(root, folder), { recursive: true });

  it('says nothing where all is well, and why where it is not; the log has a date and the exit code', async () => {
    writeFileSync(script, block('#!/bin/sh'));
    chmodSync(script, 0o755);
    const table = block('MAILTO=');
    const path = /^PATH=(.+)$/m.exec(table)?.[1] ?? '';
    const line = /^0 22 \* \* 1-5 root (.+)$/m.exec(table)?.[1] ?? '';
    const { simulator, presses } = await phones(3);
    expect(await cron(line, path)).toEqual({ code: 0, out: '', err: '' });
    expect(presses()).toEqual([1, 1, 0]);
    const journals = readdirSync(logs).filter((name) => name.endsWith('.jsonl'));
    expect(journals).toHaveLength(1);
    // The next night uses another journal name.
    for (const name of journals) rmSync(join(logs, name));
    await simulator.close();
    const failed = await cron(line, path);
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('virtual-[1-2]: each was not reached');
    expect(readFileSync(join(logs, 'night.log'), 'utf8')).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+[+-]\d{4} dnd on: exit code 0\n\S+ dnd on: exit code 3\n$/,
    );
  }, 30_000);
});

describe('a rolling reboot', () => {
  it('of 300 phones presses each once, and nobody again when it is resumed', async () => {
    const { config, presses } = await phones(300);
    const [, words = ''] = /^\$ atcom (reboot --all .+)$/m.exec(block('atcom reboot --all')) ?? [];
    expect(words).toContain('--stagger 2s ');
    // 300 phones, two seconds each, are ten minutes.
    const quick = words.replace('--stagger 2s ', '');
    const first = await cron(`atcom ${quick} --config ${config} --json`, '/usr/bin:/bin');
    expect(JSON.parse(first.out)).toMatchObject({ ok: true, summary: { phones: 300 } });
    expect(new Set(presses())).toEqual(new Set([1]));
    const again = quick.replace('--journal', '--resume');
    expect(await cron(`atcom ${again} --config ${config} --json`, '/usr/bin:/bin')).toMatchObject({
      code: 0,
    });
    expect(new Set(presses())).toEqual(new Set([1]));
  }, 60_000);
});

describe('a backup', () => {
  it('holds the config, and one that was unpacked is valid', async () => {
    await phones(2);
    mkdirSync(join(root, '.config/atcom'), { recursive: true });
    writeFileSync(join(root, '.config/atcom/config.yaml'), 'defaults: { timeout: 3s }\n');
    const made = await cron(block('tar --create'), '/usr/bin:/bin');
    expect(made.code, made.err).toBe(0);
    mkdirSync(join(root, 'elsewhere'));
    expect(await cron('tar -xzf atcom-backup.tar.gz -C elsewhere', '/usr/bin:/bin')).toMatchObject({
      code: 0,
    });
    const unpacked = join(root, 'elsewhere', root, 'etc/atcom/atcom.config.yaml');
    expect(await cron(`atcom config validate --config ${unpacked}`, '/usr/bin:/bin')).toMatchObject({
      code: 0,
      err: '',
    });
    const files = await cron('tar -tzf atcom-backup.tar.gz', '/usr/bin:/bin');
    expect(files.out).toContain('.config/atcom/config.yaml');
  });
});
