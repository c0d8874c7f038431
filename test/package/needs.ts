import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];

/** Describes what needs a tool. Where it is missing that is told, and on a build server it is a failure. */
export function describeWith(tool: string, name: string, tests: () => void): void {
  const there = FOLDERS.some((folder) => existsSync(join(folder, tool)));
  if (there || process.env['CI'] !== undefined) describe(name, tests);
  else describe.skip(`${name} (not run: there is no ${tool})`, tests);
}

const PROBE = 'mount -t cgroup2 cgroup2 /mnt && mkdir "/mnt/atcom-$$" && rmdir "/mnt/atcom-$$"';

/** Describes what boots a systemd. A sandbox that gives no control group to anybody cannot be changed from inside. */
export function describeBooted(name: string, tests: () => void): void {
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--cgroup', '--fork', 'sh', '-c', PROBE]);
  if (status === 0) describeWith('mmdebstrap', name, tests);
  else describe.skip(`${name} (not run: this computer gives it no control group)`, tests);
}
