import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder } from './run.ts';

/** A folder with a batch file and a config that names a recording phone. */
export async function batch(text: string, config = '') {
  const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const cwd = emptyFolder();
  writeFileSync(join(cwd, '.atcomrc.yaml'), `${config}phones: { desk: "${phone.host}", other: 127.0.0.9 }\n`);
  const file = join(cwd, 'night.atcom');
  writeFileSync(file, text);
  const pressed = () => phone.received.map((request) => /key=(\S*)/.exec(request)?.[1]);
  return { cwd, file, pressed, phone };
}
