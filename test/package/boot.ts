import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** Put before what is run at a boot: writes what a command writes, and how it ended, to a file of this name. */
const STEP = `#!/bin/bash
step() { name=$1; shift; "$@" >"/steps/$name" 2>&1; echo "code $?" >>"/steps/$name"; }
# Waits until the service has written this many lines with a word; nothing else can tell when.
wrote() {
  local found=0 line
  while read -r line; do
    [[ $line == *"$2"* ]] && ((++found >= $1)) && return
  done < <(journalctl --unit "\${3:-atcom-listen}" --follow --lines all --output cat)
}
`;

const UNIT = `[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/boot/steps
ExecStopPost=/usr/bin/systemctl poweroff --force --force
`;

/**
 * Makes systemd the first process in namespaces of its own, with a control group below this one. It never sees another
 * process of this computer. What is left of the groups is removed.
 */
const BOOT = `
root=$1
groups=$root/sys/fs/cgroup
mount --bind "$root" "$root"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$groups"
own=$groups$(sed -n 's/^0:://p' /proc/self/cgroup)/atcom-$$
mkdir "$own"
echo $$ >"$own/cgroup.procs"
umount "$groups"
unshare --fork --kill-child --mount --pid --cgroup sh -ec '
  cd "$1"
  mount -t proc proc proc
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  for folder in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs $folder; done
  for device in null zero full random urandom tty; do
    touch dev/$device
    mount --bind /dev/$device dev/$device
  done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  mount --move . /
  # As on a computer: without it, no service would see the copies of files that systemd makes for it.
  /usr/sbin/chroot . mount --make-rshared /
  exec env -i container=atcom-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/sbin/chroot . /lib/systemd/systemd
' sh "$root" || code=$?
mount -t cgroup2 cgroup2 "$groups"
echo $$ >"$own/../cgroup.procs"
find "$own" -depth -type d -exec rmdir {} ';'
exit "\${code:-0}"
`;

const WANTED = 'multi-user.target.wants/atcom-test.service';

/** What a powered-off systemd leaves with unshare: SIGINT. */
const POWERED_OFF = 130;

/**
 * Boots a Debian below a folder, runs lines of bash as its last service, and powers it off.
 *
 * @returns what each `step NAME COMMAND…` of the lines wrote, with `code N` as the last line
 */
export async function boot(root: string, lines: string): Promise<Readonly<Record<string, string>>> {
  const [steps, units] = [join(root, 'steps'), join(root, 'etc/systemd/system')];
  rmSync(steps, { recursive: true, force: true });
  for (const folder of [steps, join(units, dirname(WANTED))]) mkdirSync(folder, { recursive: true });
  // Without a number it would be a first boot, which enables every service there is.
  writeFileSync(join(root, 'etc/machine-id'), `${randomUUID().replaceAll('-', '')}\n`);
  writeFileSync(join(root, 'boot/steps'), STEP + lines);
  chmodSync(join(root, 'boot/steps'), 0o755);
  writeFileSync(join(units, 'atcom-test.service'), UNIT);
  rmSync(join(units, WANTED), { force: true });
  symlinkSync('../atcom-test.service', join(units, WANTED));
  expect(await ended(root)).toEqual({ code: POWERED_OFF, err: '' });
  return Object.fromEntries(
    readdirSync(steps).map((name) => [name, readFileSync(join(steps, name), 'utf8')]),
  );
}

/** Boots, and waits for the end. All of it is killed with the test: unshare leaves no other signal through. */
async function ended(root: string): Promise<{ readonly code: number | null; readonly err: string }> {
  const words = ['--mount', '--uts', '--ipc', '--net', 'sh', '-ec', BOOT, 'sh', root];
  const child = spawn('unshare', words, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}
