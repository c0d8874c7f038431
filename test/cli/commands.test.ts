import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { KEY_DEFINITIONS } from '../../src/protocol/keys.ts';
import { MODEL_NAMES } from '../../src/protocol/models.ts';
import { emptyFolder, run } from './run.ts';

const CONFIG = `default: reception
phones:
  reception: { host: 172.16.0.57, model: A48 }
  lobby: 172.16.0.37
profiles:
  staging: { default: s1, phones: { s1: 10.1.0.5 } }
`;

function configured(files: Readonly<Record<string, string>> = { 'atcom.config.yaml': CONFIG }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function json(words: readonly string[], cwd?: string) {
  const result = await run([...words, '--json'], cwd === undefined ? {} : { cwd });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

describe('atcom help', () => {
  it('shows every command', async () => {
    const { exitCode, stdout } = await run(['help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect((await run(['--help'])).stdout).toBe(stdout);
  });

  it('is shown on stderr when nothing is asked, which is a mistake', async () => {
    expect(await run([])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: atcom'),
    });
    expect(await run(['config'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('validate') });
  });

  it.each(['dial', 'key', 'test', 'sim', 'config'])('of %s', async (command) => {
    const { exitCode, stdout } = await run([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect((await run(['help', command])).stdout).toBe(stdout);
  });

  it.each(['exit-codes', 'environment', 'targets', 'json', 'scenarios', 'confirm'])(
    'on %s',
    async (topic) => {
      const { exitCode, stdout } = await run(['help', topic]);
      expect(exitCode).toBe(0);
      expect(stdout).toMatchSnapshot();
    },
  );

  it('on something unknown suggests', async () => {
    const { exitCode, stderr } = await run(['help', 'exit-code']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean exit-codes?');
  });
});

it('prints its version', async () => {
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
});

describe('atcom keys', () => {
  it('lists every key of the table', async () => {
    const { keys } = await json(['keys']);
    expect(keys).toHaveLength(KEY_DEFINITIONS.length);
    const { stdout } = await run(['keys']);
    for (const { token } of KEY_DEFINITIONS) expect(stdout).toContain(token);
  });

  it('lists what a model has', async () => {
    const { model, keys } = await json(['keys', '--model', 'a21w']);
    expect(model).toBe('A21');
    const names = keys.map(({ key }: { key: string }) => key);
    expect(names).toContain('LINEKEY1–2');
    expect(names).not.toContain('no MEMORY_KEY');
    expect((await run(['keys', '--model', 'A99x'])).exitCode).toBe(2);
  });
});

it('atcom models lists every model', async () => {
  const { models } = await json(['models']);
  expect(models.map(({ model }: { model: string }) => model)).toEqual(MODEL_NAMES);
  expect((await run(['models'])).stdout).toMatch(/^A68 +6 +4 +20$/m);
});

describe('atcom phones', () => {
  it('lists the phones of the config and marks the default', async () => {
    const cwd = configured();
    expect((await run(['phones'], { cwd })).stdout).toBe(
      'reception  172.16.0.57  A48  default\nlobby      172.16.0.37\n',
    );
    expect((await json(['phones'], cwd)).phones[1]).toEqual({
      name: 'lobby',
      host: '172.16.0.37',
      default: false,
      from: 'project',
    });
  });

  it('lists those of a profile', async () => {
    const cwd = configured();
    expect((await run(['phones', '--profile', 'staging'], { cwd })).stdout).toBe('s1  10.1.0.5    default\n');
    expect((await run(['phones'], { cwd, env: { ATCOM_PROFILE: 'staging' } })).stdout).toContain('s1');
  });

  it.each([
    [['https://127.0.0.1:8443'], 'https://127.0.0.1:8443'],
    [['https://127.0.0.1:8443', 'https://127.0.0.2:8443'], 'https://127.0.0.[1-2]:8443'],
    [['https://[::1]:8443'], 'https://[::1]:8443'],
    [['http://lobby'], 'http://lobby'],
    [['http://lobby:8080'], 'lobby:8080'],
    [['http://127.0.0.1'], '127.0.0.1'],
  ])('prints %j so that the same phones are found again', async (targets, fold) => {
    const { stdout } = await run(['phones', ...targets, '--fold']);
    expect(stdout).toBe(`${fold}\n`);
    const urls = async (words: readonly string[]) =>
      (await run(['dnd', 'on', '-n', ...words.flatMap((word) => ['--to', word])])).stdout;
    const meant = await urls(targets);
    expect(meant).toContain('/cgi-bin/server.cgi?key=DND_ON');
    expect(await urls([fold])).toBe(meant);
    const { stdout: names } = await run(['phones', ...targets, '--names']);
    expect(await urls(names.trim().split('\n'))).toBe(meant);
    const { phones } = await json(['phones', ...targets]);
    expect(await urls(phones.map(({ name }: { name: string }) => name))).toBe(meant);
  });

  it('says where to put a config if there is none', async () => {
    expect(await run(['phones'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringContaining('atcom config path'),
    });
  });
});
