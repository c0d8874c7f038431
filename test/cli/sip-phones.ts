import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RegistrarOptions, sipRegistrar } from '../support/sip-registrar.ts';
import type { RunOptions } from './run.ts';
import { folderWith } from './testing.ts';

/** The only password; no report may hold it. */
export const PASSWORD = 'hush-hush-4711';

/** A folder with scenarios, a registrar without a PBX behind it, and a named config with the accounts lab-6001 to 6003. */
export async function folderAtPbx(
  files: Readonly<Record<string, string>>,
  { more = '', ...registrar }: RegistrarOptions & { readonly more?: string } = {},
) {
  const pbx = await sipRegistrar({ password: PASSWORD, ...registrar });
  const accounts = ['6001', '6002', '6003'].map(
    (number) => `    lab-${number}: { uri: "sip:${number}@${pbx.host}", passwordFile: secret }\n`,
  );
  const { cwd, atcom } = folderWith(files);
  writeFileSync(join(cwd, 'secret'), `${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(
    join(cwd, 'lab.yaml'),
    `simulator:\n  accounts:\n${accounts.join('')}  pbxes:\n    lab: [lab-6001, lab-6002, lab-6003]\n${more}`,
  );
  mkdirSync(join(cwd, 'sounds'));
  const env = { ATCOM_CONFIG: join(cwd, 'lab.yaml') };
  return {
    cwd,
    pbx,
    atcom: (words: string, options: RunOptions = {}) => atcom(words, { env, ...options }),
  };
}

/** A recording of one tone: WAV, 8000 Hz, mono, 16 bits. */
export function wav(hertz: number, milliseconds: number, rate = 8000): Buffer {
  const length = (milliseconds * rate) / 1000;
  const data = Buffer.alloc(44 + 2 * length);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + 2 * length, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(2 * rate, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(2 * length, 40);
  for (let at = 0; at < length; at += 1)
    data.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * hertz * at) / rate)), 44 + 2 * at);
  return data;
}
