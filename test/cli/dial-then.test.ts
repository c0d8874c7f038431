import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { receiver } from '../receiver/raw.ts';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** Two virtual phones that report, of which the second answers, and a config that names both and the listener. */
async function office({ answers = true } = {}) {
  const { hub, port, url } = await receiver();
  const simulator = await startSimulator({ phones: 2, approved: true, actionUrl: url });
  onTestFinished(() => simulator.close());
  for (const { mac } of simulator.phones) await hub.waitFor('registered', { where: { mac } });
  const [caller, callee] = simulator.phones;
  if (caller === undefined || callee === undefined) throw new Error('two phones were started');
  if (answers) {
    hub.subscribe(({ event, values }) => {
      if (event === 'incomingCall' && values['mac'] === callee.mac) void new Phone(callee).answer();
    });
  }
  const cwd = emptyFolder();
  const phone = `{ host: "${caller.host}", mac: "${caller.mac}" }`;
  writeFileSync(
    join(cwd, 'atcom.config.yaml'),
    `listener: { port: ${port} }\nphones: { caller: ${phone} }\n`,
  );
  const presses = () => simulator.state(caller.extension).presses;
  return { cwd, presses };
}

/** The keys of each request, as \`--json\` tells. */
const keysIn = (stdout: string) =>
  JSON.parse(stdout).results[0].requests.map(({ url }: { url: string }) => url.split('key=')[1]);

describe('dial --then', () => {
  it('presses digits once the call is up, and says so', async () => {
    const { cwd, presses } = await office();
    const words = ['dial', '6002', '--then', '12#', '--to', 'caller', '--json'];
    const { exitCode, stdout, stderr } = await run(words, { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout).results[0]).toMatchObject({
      outcome: 'confirmed',
      events: [{ event: 'established' }],
    });
    expect(keysIn(stdout)).toEqual(['6002;DIAL', '12;POUND']);
    // 6002, DIAL, 12 and POUND, each once.
    expect(presses()).toBe(4);
  });

  it.each(['6002,12#', '6002 p12#', 'tel:6002;ext=12%23', 'tel:6002;postd=p12%23', '6002 ext. 12#'])(
    'is meant by %s where the config has a listener',
    async (number) => {
      const { cwd } = await office();
      const { stdout } = await run(['dial', number, '--to', 'caller', '--json'], { cwd });
      expect(keysIn(stdout)).toEqual(['6002;DIAL', '12;POUND']);
    },
  );

  it('presses no digit if the call is not answered, and says so', async () => {
    const { cwd, presses } = await office({ answers: false });
    const words = ['dial', '6002', '--then', '12#', '--wait', 'established:50ms', '--to', 'caller'];
    const { exitCode, stdout, stderr } = await run(words, { cwd });
    expect(exitCode).toBe(6);
    expect(stdout).toContain('unconfirmed');
    expect(stderr).toMatch(/established was not reported within 50ms; .*; 12# was not pressed/);
    expect(presses()).toBe(2);
  });

  it('works in a file of commands, with one listener for all', async () => {
    const { cwd, presses } = await office();
    writeFileSync(join(cwd, 'call.atcom'), "to caller\ndial 6002 --then '12#'\nhangup --confirm\n");
    const { exitCode, stdout } = await run(['run', 'call.atcom'], { cwd });
    expect(stdout).toMatch(/confirmed .* established, then pressed 12#\n.*confirmed .* terminated/);
    expect(exitCode).toBe(0);
    expect(presses()).toBe(5);
  });

  it('shows its digits in a dry run, and opens no port', async () => {
    const taken = await rawServer(() => undefined);
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), `listener: { port: ${taken.port} }`);
    const { stdout } = await run(['dial', '555,1,2', '-n', '--to', '127.0.0.1:1'], { cwd });
    expect(stdout).toBe(
      [
        'http://127.0.0.1:1/cgi-bin/server.cgi?key=555;DIAL',
        '# once the phone reports established',
        'http://127.0.0.1:1/cgi-bin/server.cgi?key=1',
        '# wait 2s',
        'http://127.0.0.1:1/cgi-bin/server.cgi?key=2\n',
      ].join('\n'),
    );
    const json = await run(['dial', '555', '--then', '1', '-n', '--json', '--to', '127.0.0.1:1'], { cwd });
    expect(keysIn(json.stdout)).toEqual(['555;DIAL', '1']);
  });

  it.each<[string, readonly string[], string]>([
    ['digits in the number without a listener', ['555,12'], 'atcom dial 555 --then 12 waits'],
    ['digits in two places', ['555,12', '--then', '3'], 'keep one of them'],
    ['another event', ['555', '--then', '1', '--wait', 'hold'], '--then waits for established, not for hold'],
    ['letters', ['555', '--then', 'abc'], 'is not on a keypad'],
    ['nothing', ['555', '--then', ''], 'has no digits'],
  ])('refuses %s before anything is sent', async (_, words, text) => {
    const { exitCode, stderr } = await run(['dial', ...words, '--to', '127.0.0.1:1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(text);
  });

  it('takes digits in the number where an event is waited for anyway', async () => {
    const { exitCode, stdout } = await run([
      ...['dial', '6002,12', '--wait', 'established:50ms', '--to', 'virtual', '--json'],
    ]);
    expect(exitCode).toBe(6);
    expect(keysIn(stdout)).toEqual(['6002;DIAL', '12']);
  });

  it.each(['transfer', 'forward', 'conference', 'dial', 'hold --dial', 'key'])(
    'is no part of %s 555,12',
    async (command) => {
      const { exitCode, stderr } = await run([...command.split(' '), '555,12', '--to', '127.0.0.1:1']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('12 is to be pressed after the answer, and nothing waits for the answer');
    },
  );

  it.each(['dial $b --then 12', 'dial $b,12'])('is refused in a scenario: %s', async (step) => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, 'call.yaml'),
      `name: call\nphones: { a: { virtual: A48 }, b: { virtual: A48 } }\nsteps: [ { a: "${step}" } ]\n`,
    );
    const { exitCode, stderr } = await run(['test', 'call.yaml'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('- a: { expect: established }, then - a: dtmf 12');
  });
});

describe('a dry run', () => {
  const plan = 'dialPlan: { country: "49", outside: "0", internal: 4 }\n';

  it.each<[readonly string[], string]>([
    [
      ['dial', '+49 30 1'],
      '# "+49 30 1" is dialled 00301: 49 is this country: national prefix 0; outside line 0',
    ],
    [
      ['transfer', '+43 1'],
      '# "+43 1" is dialled 000431: another country, not 49: international prefix 00; outside line 0',
    ],
    [['hold', '--dial', '4711 0815'], '# "4711 0815" is dialled 047110815: not internal; outside line 0'],
  ])('tells what became of a number and why: %j', async (words, line) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), plan);
    const { stdout } = await run([...words, '-n', '--to', '10.0.0.1,10.0.0.2'], { cwd });
    expect(stdout.split('\n').filter((each) => each.startsWith('#'))).toEqual([line]);
    const json = await run([...words, '--curl', '--json', '--to', '10.0.0.1'], { cwd });
    const { number } = JSON.parse(json.stdout).results[0];
    expect(line).toBe(`# ${JSON.stringify(number.written)} is dialled ${number.dialled}: ${number.why}`);
  });

  it('says nothing of a number that is dialled as written, except in JSON', async () => {
    const { stdout } = await run(['dial', '6040', '-n', '--to', '10.0.0.1']);
    expect(stdout).toBe('http://10.0.0.1/cgi-bin/server.cgi?key=6040;DIAL\n');
    const json = await run(['dial', '6040', '-n', '--json', '--to', '10.0.0.1']);
    expect(JSON.parse(json.stdout).results[0].number).toEqual({
      written: '6040',
      dialled: '6040',
      why: 'as written',
    });
  });

  it('lists each phone whose dial plan changes the number', async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, '.atcomrc'),
      'phones:\n  a: 10.0.0.1\n  b: { host: 10.0.0.2, dialPrefix: "00" }\ndefaults: { dialPrefix: "000" }\n',
    );
    const { stdout } = await run(['dial', '+1', '-n', '--all'], { cwd });
    expect(stdout).toMatch(/is dialled 0001: 000 for the \+\n.*\n.*is dialled 001: 00 for the \+\n/);
  });
});
