import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newFolder } from '../support/folder.js';
import { boot } from './boot.ts';
import { makeDebian, makeNewer } from './debian.ts';
import { describeBooted } from './needs.ts';
import { addNightly } from './nightly.ts';

describeBooted('the service of a Debian that systemd has booted', () => {
  const root = newFolder('booted');

  beforeAll(() => {
    makeDebian(root, ['systemd']);
    makeNewer(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is off until it is wanted, listens, is started again, upgraded, and confined', async () => {
    const steps = await boot(
      root,
      `
step install dpkg --install /atcom.deb
step off systemctl is-active atcom-listen
step enable systemctl enable --now atcom-listen
wrote 1 'Listening on'
pid=$(systemctl show --property MainPID --value atcom-listen)
step status cat /proc/$pid/status
step security systemd-analyze security --no-pager --threshold=20 atcom-listen
step event bash -c 'exec 3<>/dev/tcp/127.0.0.1/8088; printf "GET /incomingCallUrl.xml?remote=6001 HTTP/1.0\\r\\n\\r\\n" >&3; head -1 <&3'
wrote 1 incomingCall
echo 'listener: { token: tokentoken1 }' >/etc/atcom/atcom.config.yaml
chmod 600 /etc/atcom/atcom.config.yaml
step killed systemctl kill --signal KILL atcom-listen
wrote 2 'Listening on'
step restarts systemctl show --property NRestarts --value atcom-listen
step refused bash -c 'exec 3<>/dev/tcp/127.0.0.1/8088; printf "GET /incomingCallUrl.xml?remote=6002 HTTP/1.0\\r\\n\\r\\n" >&3; head -1 <&3'
step upgrade dpkg --install /newer.deb
wrote 3 'Listening on'
step active systemctl is-active atcom-listen
step stop systemctl stop atcom-listen
step stopped systemctl show --property ActiveState,Result --value atcom-listen
step journal journalctl --unit atcom-listen --output cat
`,
    );
    expect(steps).toMatchObject({
      install: expect.stringMatching(/code 0\n$/),
      off: 'inactive\ncode 3\n',
      enable: expect.stringMatching(/code 0\n$/),
      event: 'HTTP/1.1 200 OK\r\ncode 0\n',
      // The token is in a file that only root may read.
      refused: 'HTTP/1.1 403 Forbidden\r\ncode 0\n',
      restarts: '1\ncode 0\n',
      upgrade: expect.stringMatching(/code 0\n$/),
      active: 'active\ncode 0\n',
      stopped: 'success\ninactive\ncode 0\n',
      security: expect.stringMatching(/code 0\n$/),
    });
    expect(steps['status']).toMatch(/^Uid:\t6[1-5]\d{3}\t/m);
    expect(steps['status']).toMatch(/^CapEff:\t0+$/m);
    expect(steps['status']).toMatch(/^NoNewPrivs:\t1$/m);
    expect(steps['status']).toMatch(/^Seccomp:\t2$/m);
    expect(steps['journal']).toMatch(/incomingCall/);
  }, 120_000);

  it('comes with a timer that runs the nightly job on the page', async () => {
    addNightly(root);
    writeFileSync(
      join(root, 'etc/atcom/atcom.config.yaml'),
      'phones: { a: "127.0.0.1:7001", b: "127.0.0.1:7002" }\ngroups: { floor1: "a,b" }\n',
    );
    const steps = await boot(
      root,
      `
systemd-run --quiet --unit lab atcom sim --phones 2 --approved --json
wrote 1 '"ready"' lab
step night systemctl start atcom-night.service
step log cat /var/log/atcom/night.log
wrote 2 openDND lab
step enable systemctl enable --now atcom-night.timer
step next systemctl show --property NextElapseUSecRealtime --value atcom-night.timer
step off systemctl disable --now atcom-night.timer
rm -r /etc/systemd/system/atcom-night.* /usr/local/sbin/atcom-night /var/log/atcom /var/log/private/atcom
rm -r /var/lib/atcom-night /var/lib/private/atcom-night /var/lib/systemd/timers/stamp-atcom-night.timer
`,
    );
    expect(steps).toMatchObject({
      night: 'code 0\n',
      log: expect.stringMatching(/^\d{4}-\S+ dnd on: exit code 0\ncode 0\n$/),
      enable: expect.stringMatching(/code 0\n$/),
      next: expect.stringMatching(/^(Mon|Tue|Wed|Thu|Fri) \S+ 22:00:00/),
    });
  }, 120_000);

  it('is there after the next boot, and gone without a trace when it is purged', async () => {
    const steps = await boot(
      root,
      `
wrote 1 'Listening on'
step active systemctl is-active atcom-listen
step purge dpkg --purge atcom
step gone systemctl is-active atcom-listen
step unknown systemctl cat atcom-listen
step left find / -xdev -name '*atcom*' -not -path '/boot/*' -not -path '/steps*' -not -name 'atcom-test.service'
`,
    );
    expect(steps).toMatchObject({
      active: 'active\ncode 0\n',
      purge: expect.stringMatching(/code 0\n$/),
      gone: 'inactive\ncode 3\n',
      unknown: expect.stringContaining('No files found for atcom-listen.service.'),
    });
    // What this test put there, and nothing else.
    expect(steps['left']).toBe('/atcom.deb\ncode 0\n');
  }, 120_000);
});
