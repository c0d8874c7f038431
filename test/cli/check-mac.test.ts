import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { receiver } from '../receiver/raw.ts';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

const WRONG = '80:82:87:AA:AA:01';

/** Two virtual phones that report, the second (or `swapped`: both) with a wrong MAC in the config, and their listener. */
async function office({ swapped = false } = {}) {
  const { hub, port, url } = await receiver();
  const simulator = await startSimulator({ phones: 2, approved: true, actionUrl: url });
  onTestFinished(() => simulator.close());
  for (const { mac } of simulator.phones) await hub.waitFor('registered', { where: { mac } });
  const [right, wrong] = simulator.phones;
  if (right === undefined || wrong === undefined) throw new Error('two phones were started');
  const cwd = emptyFolder();
  const [first, second] = swapped ? [wrong.mac, right.mac] : [right.mac, WRONG];
  writeFileSync(
    join(cwd, '.atcomrc'),
    `listener: { port: ${port} }
phones:
  right: { host: "${right.host}", mac: "${first.replaceAll(':', '-').toLowerCase()}" }
  wrong: { host: "${wrong.host}", mac: "${second}" }
  bare: "10.0.0.9"
`,
  );
  const presses = () => simulator.phones.map(({ extension }) => simulator.state(extension).presses);
  return { cwd, presses, right, wrong, url };
}

/** Runs a command, and whatever the office has. */
const runIn = (cwd: string, words: readonly string[], options: RunOptions = {}) =>
  run(words, { cwd, ...options });

describe('--check-mac', () => {
  it('presses a phone that is what the config says, by the events of a running listener', async () => {
    const { cwd, presses } = await office();
    const words = ['--check-mac', '--to', 'right'];
    expect(await runIn(cwd, ['dnd', 'on', ...words])).toMatchObject({ exitCode: 0, stderr: '' });
    const confirmed = await runIn(cwd, ['dnd', 'off', '--confirm', ...words]);
    expect(confirmed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(presses()).toEqual([2, 0]);
  });

  it('presses nothing on any phone where one is another', async () => {
    const { cwd, presses, wrong } = await office();
    const words = ['mute', '--check-mac', '--to', 'right,wrong'];
    const { exitCode, stderr } = await runIn(cwd, words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `wrong (${wrong.host}) is ${WRONG} in the config, but ${wrong.mac} by its events`,
    );
    const json = await runIn(cwd, [...words, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 2, error: { code: 'wrong-phone' } });
    expect(presses()).toEqual([0, 0]);
  });

  it('says also with --quiet that a listener cannot be asked, which may know of another phone', async () => {
    const { cwd } = await office();
    const env = { ATCOM_LISTENER_TOKEN: 'secret-token-1' };
    const { stderr } = await runIn(cwd, ['mute', '--check-mac', '--quiet', '--to', 'right'], { env });
    expect(stderr).toMatch(
      /^warning: what phones reported cannot be asked for: .* is a listener that does not require the token of this program$/m,
    );
  });

  it('is looked at before the first line of a file', async () => {
    const { cwd, presses } = await office();
    writeFileSync(join(cwd, 'x.atcom'), 'mute --to right\nmute --to wrong --check-mac\n');
    const { exitCode, stderr } = await runIn(cwd, ['run', 'x.atcom']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('x.atcom:2');
    expect(presses()).toEqual([0, 0]);
  });

  it('says of whom nothing is known', async () => {
    const { simulator, cwd } = await strangers();
    const { exitCode, stderr } = await runIn(cwd, ['mute', '--check-mac', '--all']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'warning: p1: the MAC cannot be checked: neither an event that a listener heard nor the ARP table shows its MAC\n' +
        'warning: p2: the MAC cannot be checked: no mac: in the config\n',
    );
    expect(simulator.state('6001').presses).toBe(1);
  });

  it('reads the ARP table', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), `phones: { p: { host: 10.0.0.5, mac: "${WRONG}" } }`);
    const arp = '10.0.0.5 0x1 0x2 80:82:87:04:6b:c2 * eth0\n';
    const { exitCode, stderr } = await runIn(cwd, ['mute', '--check-mac', '--to', 'p'], { arp });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `p (10.0.0.5) is ${WRONG} in the config, but 80:82:87:04:6B:C2 by the ARP table of this computer`,
    );
  });

  it('distinguishes phones that share an address by the port that they report', async () => {
    const { cwd, presses, right, wrong } = await office({ swapped: true });
    const { exitCode, stderr } = await runIn(cwd, ['mute', '--check-mac', '--to', 'right,wrong']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${right.host}) is ${wrong.mac} in the config, but ${right.mac} by its events`);
    expect(stderr).toContain(`${wrong.host}) is ${right.mac} in the config, but ${wrong.mac} by its events`);
    expect(presses()).toEqual([0, 0]);
  });

  it('still finds a wrong phone in spite of a forged event', async () => {
    const { cwd, presses, wrong, url } = await office();
    for (const query of [
      `mac=${WRONG}&ip=${wrong.host}`,
      `mac=x&ip=${wrong.host}`,
      `mac=&ip=${wrong.host}`,
    ]) {
      expect((await fetch(`${url}/registeredUrl.xml?${query}`)).status).toBe(200);
    }
    const { exitCode, stderr } = await runIn(cwd, ['mute', '--check-mac', '--to', 'wrong']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /but its events contradict each other: 80:82:87:AA:AA:01 for .*; 80:82:87:00:00:02 for/,
    );
    expect(stderr).toContain('restart the listener');
    const doctor = await runIn(cwd, ['doctor', 'wrong']);
    expect(doctor.stdout).toMatch(/mac +problem +events contradict each other: 80:82:87:AA:AA:01 for/);
    expect(presses()).toEqual([0, 0]);
  });

  it('says what contradicts it where the ARP table decides, also with --json', async () => {
    const { port, url } = await receiver();
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, '.atcomrc'),
      `listener: { port: ${port} }\nphones: { p: { host: 10.0.0.5, mac: "${WRONG}" } }`,
    );
    await fetch(`${url}/registeredUrl.xml?mac=80:82:87:00:00:09&ip=10.0.0.5`);
    // Not confirmed, so that nothing is sent.
    const words = ['reboot', '--check-mac', '--to', 'p', '--json'];
    const arp = `10.0.0.5 0x1 0x2 ${WRONG} * eth0\n`;
    const { stdout, stderr } = await runIn(cwd, words, { arp });
    expect(stderr).toContain(
      'warning: p: the ARP table of this computer has the MAC of the config, but an event contradicts: 80:82:87:00:00:09 by an event from 127.0.0.1',
    );
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not-confirmed' } });
  });

  it.each([
    ['--check-mac', ['dnd', 'on', '--to', 'p', '--check-mac']],
    ['doctor', ['doctor', 'p', '--port', '0']],
  ])('%s ends at once at Ctrl-C, however long a page takes', async (_, words) => {
    const stop = new AbortController();
    const { host, received } = await rawServer(() => stop.abort());
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, '.atcomrc'),
      `phones: { p: { host: "${host}", auth: digest, timeout: 60s, mac: "${WRONG}" } }`,
    );
    const env = { ATCOM_USER: 'admin', ATCOM_PASSWORD: 'x', ATCOM_CONFIG: join(cwd, '.atcomrc') };
    const { exitCode } = await run(words, { cwd, env, signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(received.filter((request) => request.includes('server.cgi'))).toEqual([]);
  });

  it('is an error where no phone has a MAC in the config', async () => {
    const { exitCode, stderr } = await run(['mute', '--check-mac', '--to', '127.0.0.1:1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('none of these phones has a mac: to compare');
  });
});

describe('atcom doctor', () => {
  it('ends with 1, not 2, for a wrong phone beside one that was pressed', async () => {
    const { cwd, presses } = await office();
    const both = await runIn(cwd, ['doctor', 'wrong', 'right']);
    expect([both.exitCode, presses()]).toEqual([1, [1, 0]]);
    const alone = await runIn(cwd, ['doctor', 'wrong']);
    expect([alone.exitCode, presses()]).toEqual([2, [1, 0]]);
  });

  it('reports another phone, and presses nothing on it', async () => {
    const { cwd, presses, wrong } = await office();
    const { exitCode, stdout } = await runIn(cwd, ['doctor', 'wrong', '--json']);
    expect(exitCode).toBe(2);
    const [{ checks }] = JSON.parse(stdout).results;
    expect(checks.find(({ check }: { check: string }) => check === 'mac')).toEqual({
      check: 'mac',
      level: 'problem',
      message: `this is another phone: its events: ${wrong.mac}; the config: ${WRONG}`,
      remedy: expect.stringContaining('correct host: or mac: of wrong'),
    });
    expect(presses()).toEqual([0, 0]);
  });

  it('reports that it is the same phone, or that it cannot tell', async () => {
    const { cwd } = await office();
    expect((await runIn(cwd, ['doctor', 'right'])).stdout).toMatch(
      /mac +ok +its events and the config say 80:/,
    );
    const alone = await strangers();
    const { stdout } = await runIn(alone.cwd, ['doctor', 'p1', '--port', '0']);
    expect(stdout).toMatch(/mac +skipped +cannot be checked: neither an event that a listener heard/);
  });
});

/** Two virtual phones that report to nobody; one has a MAC in the config. */
async function strangers() {
  const simulator = await startSimulator({ phones: 2, approved: true });
  onTestFinished(() => simulator.close());
  const [first, second] = simulator.phones;
  const cwd = emptyFolder();
  writeFileSync(
    join(cwd, '.atcomrc'),
    `listener: { port: 1 }\nphones: { p1: { host: "${first?.host}", mac: "${WRONG}" }, p2: "${second?.host}" }`,
  );
  return { simulator, cwd };
}
