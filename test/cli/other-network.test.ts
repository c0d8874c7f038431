import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATCOM } from './listen-process.ts';
import { emptyFolder } from './run.ts';

// A computer in two networks, both on the loopback interface of a network namespace of its own: nothing leaves it.
const NETWORKS =
  'ip link set lo up && for at in 10.9.8.8 10.9.8.50 10.9.9.9; do ip addr add $at/24 dev lo; done';

function isolated(script: string, cwd: string) {
  const env = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' };
  return spawnSync('unshare', ['--net', 'bash', '-c', `${NETWORKS} || exit 99; ${script}`], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

const WITH_URL = '{ host: 0.0.0.0, url: "http://10.9.8.8:8088" }';

const canIsolate = process.platform === 'linux' && isolated('exit 0', '/').status === 0;

describe.runIf(canIsolate)('phones that report to an address of this computer', () => {
  /** What a command does where phones of one network report to 10.9.8.8, and a listener is bound to an address. */
  function at(listener: string, bound: string, command: string) {
    const cwd = emptyFolder();
    const phone = (number: number) => `{ host: 10.9.8.50, port: 700${number}, extension: "600${number}" }`;
    const config = `phones: { a: ${phone(1)}, b: ${phone(2)} }\nlistener: ${listener}\n`;
    writeFileSync(join(cwd, 'atcom.config.yaml'), config);
    const steps = 'steps: [ { a: dial $b }, { b: { never: incomingCall, during: 1s } } ]';
    writeFileSync(
      join(cwd, 'never.yaml'),
      `name: x\nphones: { a: { phone: a }, b: { phone: b } }\n${steps}\n`,
    );
    const atcom = `${process.execPath} ${ATCOM}`;
    const sim = 'sim --phones 2 --host 10.9.8.50 --port 7001 --approved --action-url http://10.9.8.8:8088';
    const ready = (address: string) => `until (: >/dev/tcp/${address}) 2>/dev/null; do sleep 0.1; done`;
    const others = [
      `${atcom} ${sim} >/dev/null 2>&1 & ${ready('10.9.8.50/7002')}`,
      `(cd /; exec ${atcom} listen --host ${bound} >/dev/null 2>&1) & ${ready(`${bound}/8088`)}`,
    ];
    const { status, stdout, stderr } = isolated(
      `${others.join('\n')}\n${atcom} ${command}; code=$?; kill $(jobs -p); wait; exit $code`,
      cwd,
    );
    return { status, output: stdout + stderr };
  }

  it.each(['{ host: 10.9.8.8 }', WITH_URL])(
    'fail a test that hears what they must not report: %s',
    (listener) => {
      const { status, output } = at(listener, '10.9.8.8', 'test never.yaml');
      expect(output).toContain('b reported incomingCall, which it must not report');
      expect(status).toBe(6);
    },
  );

  it('pass none where another program listens in another network only', () => {
    const { status, output } = at('{ host: 0.0.0.0 }', '10.9.9.9', 'test never.yaml');
    expect(output).toContain('the listener that runs is at 10.9.9.9 only');
    expect(status).toBe(2);
  });

  it('prove what is heard there', () => {
    const { status, output } = at('{ host: 0.0.0.0 }', '10.9.8.8', 'dial 6002 --to a --confirm');
    expect(output).toMatch(/^a {2}confirmed .*outgoingCall$/m);
    expect(output).toContain('an atcom receiver has port 8088 at 10.9.8.8 only');
    expect(status).toBe(0);
  });

  it.each([
    ['test never.yaml', 2],
    ['doctor b --events', 6],
  ])('are pressed no key where nobody listens there: %s', (command, code) => {
    const { status, output } = at(WITH_URL, '127.0.0.1', command);
    expect(output).toContain('nothing listens at http://10.9.8.8:8088');
    expect(output).not.toContain('DND');
    expect(status).toBe(code);
  });
});
