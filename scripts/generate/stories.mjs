// The output of commands on virtual phones, as the pages show it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFolder } from '../../dist/config/index.js';
import { openSameUser, startReceiver } from '../../dist/receiver/index.js';
import { startSimulator } from '../../dist/simulator/index.js';
import { root } from './programs.mjs';

/** A call that is confirmed, and one that is not. */
export async function confirm({ phones, config, atcom, receiver }) {
  const [reception, lobby] = await phones({ phones: 2, approved: true, actionUrl: receiver.url });
  config({ reception, lobby });
  await atcom('dial 6002 --to reception --confirm');
  await atcom('hangup --to reception --confirm');
  await atcom('dnd on --to lobby --confirm');
  await atcom('dial 6002 --to reception --wait established:1s');
}

/** A phone that asks for approval. */
export async function doctor({ phones, config, atcom }) {
  const [reception] = await phones({ phones: 1 });
  config({ reception });
  await atcom('doctor reception');
}

/** A building with two phones that fail, and one of them again. */
export async function journal({ phones, config, atcom }) {
  const willing = await phones({ phones: 40, approved: true });
  const [asking] = await phones({ phones: 1 });
  const hosts = willing.map((host, index) => ({ 22: 'dead', 30: asking })[index] ?? host);
  config(
    Object.fromEntries(hosts.map((host, index) => [`lab-${String(index + 1).padStart(2, '0')}`, host])),
    { dead: '10.0.0.123', [asking]: '10.0.0.131' },
  );
  const words = `dnd on --to 'lab-*!lab-[05-09]' --yes`;
  await atcom(`${words} --serial 1,10%,100% --max-fail 10% --journal night.jsonl`);
  await fetch(`http://${asking}/_sim/lcd`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"press":"save"}',
  });
  await atcom(`${words} --retry-failed night.jsonl`);
}

/** The output of commands on virtual phones, with addresses replaced by those of a building. */
export async function onVirtualPhones(story) {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-generate-'));
  const home = Object.fromEntries(
    ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'].map((name) => [name, folder]),
  );
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ATCOM|XDG)_|^FORCE_COLOR$/.test(name));
  const env = { ...Object.fromEntries(inherited), ...home, NO_COLOR: '1' };
  // The commands get this receiver's events, because it belongs to the same user.
  const state = stateFolder({ env, uid: process.geteuid?.() });
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { secret } = await openSameUser(state);
  const receiver = await startReceiver({ port: 0, secret });
  const simulators = [];
  const names = new Map([
    [`${folder}/`, ''],
    [String(receiver.port), '8088'],
  ]);
  let text = '';
  const kit = {
    receiver,
    phones: async (options) => {
      const simulator = await startSimulator(options);
      simulators.push(simulator);
      for (const [index, { host }] of simulator.phones.entries()) {
        names.set(host.replace('127.0.0.1:', ''), String(7001 + index));
      }
      return simulator.phones.map(({ host }) => host);
    },
    config: (phones, shown = {}) => {
      for (const [host, name] of Object.entries(shown))
        names.set(host === 'dead' ? '127.0.0.1:1' : host, name);
      const lines = Object.entries(phones).map(
        ([name, host]) => `  ${name}: ${host === 'dead' ? '127.0.0.1:1' : host}\n`,
      );
      writeFileSync(
        join(folder, 'atcom.config.yaml'),
        `listener: { port: ${receiver.port} }\nphones:\n${lines.join('')}`,
      );
    },
    atcom: async (line) => {
      text += `$ atcom ${line}\n${await shell(`exec "$NODE" "$ATCOM" ${line} 2>&1`, folder, env)}`;
    },
  };
  try {
    await story(kit);
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
  // The longest first: one address can be the beginning of another.
  for (const [host, name] of [...names].sort(([one], [other]) => other.length - one.length)) {
    text = text.replaceAll(host, name);
  }
  return text;
}

function shell(script, cwd, env) {
  return new Promise((resolve, reject) => {
    const variables = { ...env, NODE: process.execPath, ATCOM: join(root, 'bin', 'atcom.js') };
    const child = spawn('sh', ['-c', script], { cwd, env: variables, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.once('error', reject).once('close', () => resolve(out));
  });
}
