// Two virtual phones, the real command line, real HTTP: the first call with a new phone, and what the phones
// report. --browser opens the phones in a browser, and waits for the viewer to press Save there.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const atcom = join(root, 'bin', 'atcom.js');
const WIDTH = 80;
/** Whether the viewer is the person at the phones. */
const inBrowser = process.argv.includes('--browser');
/** Far longer than all of it takes, even for a viewer who reads; a demo that hangs must end, too. */
const DEADLINE = inBrowser ? 900_000 : 60_000;

const { NO_COLOR, FORCE_COLOR } = process.env;
const coloured = !NO_COLOR && (FORCE_COLOR !== undefined || process.stdout.isTTY === true);
const bold = (text) => (coloured ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text) => (coloured ? `\u001b[2m${text}\u001b[22m` : text);
const say = (text = '') => process.stdout.write(`${text}\n`);

/** The user's own settings, and phones that approved this computer earlier, must not change the demo. */
const folder = mkdtempSync(join(tmpdir(), 'atcom-demo-'));
const config = join(folder, 'atcom.config.yaml');
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ATCOM|XDG)_/.test(name)));
for (const name of ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA']) env[name] = folder;
if (coloured) env.FORCE_COLOR = '1';

const children = new Set();

function start(args) {
  const child = spawn(process.execPath, [atcom, ...args], {
    env,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.err += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      children.delete(child);
      resolve({ ...output, code: code ?? signal });
    });
  });
  return { child, ended };
}

/** Shows a command and, once it has ended, what it wrote and its exit code. */
async function command(line, expected, meanwhile) {
  say(bold(`$ atcom ${line}`));
  const { ended } = start(line.split(' '));
  await meanwhile?.();
  const { out, err, code } = await ended;
  for (const text of `${out}${err}`.trimEnd().split('\n')) say(wrapped(text));
  say(dim(`exit code ${code}`));
  if (code !== expected) throw new Error(`atcom ${line} ended with ${code} instead of ${expected}`);
}

/** Breaks a long line between words; what follows is indented. */
function wrapped(text) {
  const lines = [''];
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const line = lines.at(-1);
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() !== '' && stripVTControlCharacters(longer).length > WIDTH) lines.push(`    ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.join('\n');
}

/** A command that keeps running, and its output: lines of JSON. */
function follow(line) {
  say(bold(`$ atcom ${line}`));
  const { child, ended } = start(line.split(' '));
  const seen = [];
  const watchers = new Set();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const report = JSON.parse(text);
    seen.push(report);
    for (const watch of watchers) watch(report);
  });
  /** The first matching report, from now on or earlier. */
  const report = (isMeant) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = seen.find(isMeant);
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
      ended.then(({ err, code }) => reject(new Error(`atcom ${line} ended with ${code}\n${err}`)), reject);
    });
  const stop = () => {
    child.kill();
    return ended;
  };
  return { child, watchers, report, stop };
}

/** The virtual phones, and what happens on them, as `atcom sim --json` writes it. */
async function startPhones(count, listener) {
  // A viewer who reads takes longer to press Save than a call rings.
  const ring = inBrowser ? ' --ring 10m' : '';
  const simulator = follow(`sim --phones ${count} --port 0 --action-url ${listener}${ring} --json`);
  const { phones, faces } = await simulator.report(({ type }) => type === 'ready');
  say(dim('(its first line of JSON says where they listen)'));
  for (const { name, extension, model, url } of phones) say(`${name}  ${extension}  ${model}  ${url}`);
  if (inBrowser) showInBrowser(faces);
  return { ...simulator, phones };
}

/** Shows what the phones report as it arrives; later commands find it through the config. */
async function startListener() {
  const listener = follow('listen --port 0 --json');
  const url = await new Promise((resolve) => {
    listener.child.stderr.on('data', (text) => {
      const [found] = /http:\/\/\S+(?=\.)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  say(`Listening on ${url}`);
  writeFileSync(config, `listener: { port: ${new URL(url).port} }\n`);
  env.ATCOM_CONFIG = config;
  listener.watchers.add(({ phone, event, values }) =>
    say(dim(['  event', phone, event, values.remote ?? ''].join('  ').trimEnd())),
  );
  /** Waits until each of these phones has reported its event. */
  const until = (...awaited) =>
    Promise.all(
      awaited.map(([phone, name]) =>
        listener.report(({ phone: host, event }) => host === phone.host && event === name),
      ),
    );
  return { ...listener, url, until };
}

/** The displays of phones, side by side. */
async function showDisplays(phones) {
  const displays = await Promise.all(
    phones.map(async ({ url }) => box((await (await fetch(`${url}/_sim/lcd`)).text()).trimEnd().split('\n'))),
  );
  say(displays[0].map((_, row) => displays.map((lines) => lines[row]).join('  ')).join('\n'));
}

function box(lines) {
  const width = 34;
  const bar = '─'.repeat(width);
  return [`┌${bar}┐`, ...lines.map((line) => `│ ${line.padEnd(width - 2)} │`), `└${bar}┘`];
}

/** Opens the user's browser, with their own settings; without a desktop, they open it themselves. */
function showInBrowser(url) {
  say(bold(`The phones, in a browser: ${url}`));
  const desktop = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!desktop) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .once('error', () => say('No browser could be opened: please open that address in one.'))
    .unref();
}

/** The person at the phone presses Save. */
async function pressSave({ extension, url }, simulator) {
  if (inBrowser) {
    say(bold(`Now press Save on phone ${extension}, in the browser.`));
    await simulator.report(({ kind, phone }) => kind === 'remoteControlAllowed' && phone === extension);
    return;
  }
  const { ok, status } = await fetch(`${url}/_sim/lcd`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"press":"save"}',
  });
  if (!ok) throw new Error(`pressing Save on ${extension} was answered with ${status}`);
  say(dim(`(a person presses Save on phone ${extension})`));
}

async function demo() {
  say('Two virtual phones, the real command line, real HTTP.');
  say(dim('"atcom" stands for "node bin/atcom.js".'));
  say();
  const listener = await startListener();
  const simulator = await startPhones(2, listener.url);
  const [first, second] = simulator.phones;
  await listener.until([first, 'registered'], [second, 'registered']);

  say();
  say('Phone 6001 is to call 6002. A phone asks before it accepts keys from a new address;');
  say('until a person allows it, no key is pressed:');
  say();
  await command(`dial 6002 --to ${first.host}`, 4);
  await showDisplays([first]);
  await pressSave(first, simulator);

  say();
  say('Now the same command calls. 200 OK only means that the phone accepted the keys;');
  say('--confirm waits until the phone itself reports the call. What both phones report');
  say('is shown as it arrives:');
  say();
  await command(`dial 6002 --to ${first.host} --confirm`, 0, () =>
    listener.until([first, 'outgoingCall'], [second, 'incomingCall']),
  );
  await showDisplays([first, second]);

  say();
  say('Phone 6002 must allow it, too; a command can wait for that:');
  say();
  await command(
    `answer --to ${second.host} --wait-approval ${inBrowser ? '10m' : '30s'} --confirm`,
    0,
    async () => {
      await simulator.report(
        ({ kind, phone }) => kind === 'remoteControlAsked' && phone === second.extension,
      );
      await pressSave(second, simulator);
      await listener.until([first, 'established'], [second, 'established']);
    },
  );
  await showDisplays([first, second]);

  await simulator.stop();
  await listener.stop();

  say();
  say('A file for a build server: it says who calls whom, and what the phones must');
  say('report. This one needs three phones, and creates them itself:');
  say();
  await command('test examples/scenarios/attended-transfer.yaml', 0);
  say();
  say('Next steps, without a phone and with one:');
  say('  node bin/atcom.js dial 6040 --to virtual');
  say('  node bin/atcom.js dial 6040 --line 2 --to 172.16.0.57 --dry-run');
  say('Two phones to try; in other terminals, what they report, a call, and Save:');
  say('  node bin/atcom.js sim --action-url http://127.0.0.1:8088');
  say('  node bin/atcom.js listen');
  say('  node bin/atcom.js dial 6002 --to 127.0.0.1:7001 --wait-approval 1m --confirm');
  say(`  curl --json '{"press":"save"}' http://127.0.0.1:7001/_sim/lcd`);
}

const late = new Promise((_, reject) => {
  setTimeout(() => reject(new Error(`the demo took more than ${DEADLINE / 1000} s`)), DEADLINE).unref();
});
try {
  await Promise.race([demo(), late]);
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
