import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT, run, temporaryFolder } from './run.ts';

const PARTS = ['bin', 'src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** A separate checkout, which can be changed and built. */
function checkout() {
  const folder = temporaryFolder();
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const home = temporaryFolder();
  const env = { PATH: process.env['PATH'], HOME: home };
  const build = (...words: string[]) =>
    run(process.execPath, ['scripts/build.mjs', ...words], { cwd: folder, env });
  const atcom = (...words: string[]) =>
    run(process.execPath, [join(folder, 'bin/atcom.js'), ...words], { cwd: home, env });
  const edit = (file: string, from: string, to: string) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
  };
  const chunks = () => readdirSync(join(folder, 'dist', 'cli')).filter((name) => name !== 'current');
  return { folder, home, env, build, atcom, edit, chunks };
}

/** A phone that remembers who pressed keys. */
async function phone() {
  const clients: string[] = [];
  const server = createServer((request, response) => {
    clients.push(request.headers['user-agent'] ?? '');
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { clients, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a build', () => {
  const { folder, home, env, build, atcom, edit, chunks } = checkout();

  it('stops no job that runs meanwhile, and gives none the chunks of another build', async () => {
    expect(await build()).toMatchObject({ code: 0, err: '' });
    const { clients, host } = await phone();
    const early = spawn(process.execPath, [join(folder, 'bin/atcom.js'), 'run', '-'], {
      cwd: home,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(early, 'close');
    onTestFinished(() => void early.kill());
    const [first] = chunks();
    edit('src/transport/exchange.ts', "'user-agent': 'atcom'", "'user-agent': 'rebuilt'");
    edit('src/cli/commands/models.ts', '.summary(', '.alias("patterns").summary(');

    let building = true;
    const built = build().finally(() => {
      building = false;
    });
    const ends: (number | null)[] = [];
    while (building) ends.push((await atcom('key', 'HOLD', '--to', host)).code);
    expect(await built).toMatchObject({ code: 0, err: '' });
    expect(ends.length).toBeGreaterThan(3);
    expect(new Set(ends)).toEqual(new Set([0]));
    expect(chunks()).toHaveLength(2);

    // Only now does it load its chunks for requests.
    clients.splice(0);
    early.stdin.end(`key HOLD --to ${host}\n`);
    expect(await ended).toEqual([0, null]);
    expect((await atcom('patterns')).code).toBe(0);
    expect((await atcom('key', 'HOLD', '--to', host)).code).toBe(0);
    expect(clients).toEqual(['atcom', 'rebuilt']);
    expect(chunks()).toContain(first);
  }, 240_000);

  it('of the same sources changes nothing, and removes what no job can use any more', async () => {
    const before = chunks();
    const current = readFileSync(join(folder, 'dist/cli/current'), 'utf8');
    for (const name of before.filter((name) => name !== current))
      utimesSync(join(folder, 'dist/cli', name), new Date(0), new Date(0));
    writeFileSync(join(folder, 'dist', 'gone.js'), '');
    expect(await build()).toMatchObject({ code: 0, err: '' });
    expect(chunks()).toEqual([current]);
    expect(existsSync(join(folder, 'dist/gone.js'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.build-'))).toEqual([]);
  }, 120_000);

  it('for the package has no chunks but its own', async () => {
    edit('src/cli/commands/models.ts', '"patterns"', '"kinds"');
    expect(await build('--clean')).toMatchObject({ code: 0, err: '' });
    expect(chunks()).toHaveLength(1);
    expect((await atcom('kinds')).code).toBe(0);
  }, 120_000);

  it('that fails leaves the last one as it was', async () => {
    const before = chunks();
    edit('src/cli/main.ts', 'import ', 'import {{ ');
    expect((await build()).code).not.toBe(0);
    expect(chunks()).toEqual(before);
    expect((await atcom('kinds')).code).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('.build-'))).toEqual([]);
    rmSync(join(folder, 'src'), { recursive: true });
  }, 120_000);
});
