import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type SimulatorOptions, startSimulator } from '../../../src/simulator/index.ts';
import { emptyFolder, type RunOptions, run } from '../run.ts';

const PASSWORD = 'correct horse';

/** What every command begins with, on stderr. */
export const FIRST_LINE =
  'experimental: atcom setup is unverified on hardware; it reads before it writes, and compares afterwards\n';

/** Virtual phones whose pages ask for a password. */
export async function locked(options: SimulatorOptions = {}) {
  const web = { password: PASSWORD, ...options.web };
  const simulator = await startSimulator({ ...options, web });
  onTestFinished(() => simulator.close());
  const hosts = simulator.phones.map(({ host }) => host);
  return { simulator, hosts, host: hosts[0] ?? '', all: hosts.join(',') };
}

/** Runs `atcom setup` with the password in a file. */
export function setup(
  words: readonly string[],
  { password = PASSWORD, ...options }: RunOptions & { readonly password?: string } = {},
) {
  const cwd = options.cwd ?? emptyFolder();
  const file = join(cwd, 'password');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return run(['setup', ...words], { ...options, cwd, env: { ATCOM_PASSWORD_FILE: file, ...options.env } });
}

/** The Action URLs of a virtual phone by event, asked past its web pages. */
export async function urlsOf(host: string): Promise<Record<string, string>> {
  return (await (await fetch(`http://${host}/_sim/action-url`)).json()) as Record<string, string>;
}

/** The allow list of a virtual phone, asked past its web pages. */
export async function listOf(host: string): Promise<string> {
  const page = (await (await fetch(`http://${host}/_sim/allow-list`)).json()) as { allow: string };
  return page.allow;
}
