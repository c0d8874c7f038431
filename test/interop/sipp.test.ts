import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Happening } from '../../src/simulator/index.ts';
import { sipPhones } from '../simulator/sip/phones.ts';
import { newFolder } from '../support/folder.js';
import { sipRegistrar } from '../support/sip-registrar.ts';
import { CALLED } from './sipp/called.ts';
import { CALLS } from './sipp/calls.ts';
import { interop } from './tools.ts';

/** A port for an external program to use: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Runs a scenario once; returns SIPp's complaints, empty if everything matched. */
async function sipp(text: string, port: number, ...more: readonly string[]): Promise<string> {
  const folder = newFolder('sipp');
  const file = join(folder, 'scenario.xml');
  writeFileSync(file, text);
  const words = ['-sf', file, '-i', '127.0.0.1', '-p', `${port}`, '-m', '1', '-nostdin', '-timeout', '45s'];
  const media = ['-mi', '127.0.0.1', '-mp', `${await freePort()}`];
  const child = spawn('sipp', [...words, ...media, ...more], {
    cwd: folder,
    env: { ...process.env, TERM: 'dumb' },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdout.resume();
  const [code] = await once(child, 'close');
  return code === 0 ? '' : `${code} ${said}`;
}

/** A phone, and the port where its PBX was, for SIPp: a phone takes calls from there alone. */
async function phoneWithoutPbx() {
  const { host, contacts, close } = await sipRegistrar();
  const phones = await sipPhones(host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  await close();
  return { phones, pbx: Number(host.split(':')[1]), port: contacts.get('6001')?.port ?? 0 };
}

/** A phone, and a registrar with SIPp registered as 6002. */
async function phoneAndPeer() {
  const { host, contacts } = await sipRegistrar();
  const phones = await sipPhones(host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  const peer = await freePort();
  contacts.set('6002', { host: '127.0.0.1', port: peer, uri: `sip:6002@127.0.0.1:${peer}` });
  return { phones, peer };
}

function kindsOf(phones: Awaited<ReturnType<typeof sipPhones>>): string {
  return phones
    .events('6001')
    .map((event) => event.split(' ')[0])
    .join(' ');
}

interop('With SIPp', () => {
  describe('passed', () => {
    for (const { name, scenario, reports } of CALLED)
      it(`SIPp calls: ${name}`, { timeout: 60_000 }, async () => {
        const { phones, pbx, port } = await phoneWithoutPbx();
        const run = sipp(scenario, pbx, `127.0.0.1:${port}`, '-s', '6001');
        if (reports !== '') {
          await phones.until('6001', 'incomingCall');
          await phones.press('6001', 'ANSWER');
        }
        expect(await run).toBe('');
        if (reports !== '') await phones.until('6001', 'busyToIdle');
        expect(kindsOf(phones)).toBe(reports);
      });

    for (const { name, scenario, presses, reports } of CALLS)
      it(`SIPp is called: ${name}`, { timeout: 60_000 }, async () => {
        const { phones, peer } = await phoneAndPeer();
        const run = sipp(scenario, peer);
        await phones.press('6001', '6002;DIAL');
        for (const [event, keys] of presses) {
          await phones.until('6001', event as Happening['kind']);
          await phones.press('6001', keys);
        }
        expect(await run).toBe('');
        await phones.until('6001', 'busyToIdle');
        expect(kindsOf(phones)).toBe(reports);
      });
  });
});
