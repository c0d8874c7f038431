import { readdir, readFile, readlink } from 'node:fs/promises';

/** The state of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/**
 * Who listens on a TCP port of this computer, as far as this user may know: `python3 (process 4711)`, or
 * `a program of user www-data`; undefined where the system does not tell.
 */
export async function ownerOfPort(port: number): Promise<string | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => read(`/proc/net/${name}`)));
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const row = rows.find(([, local = '', , state]) => state === LISTENING && local.endsWith(`:${hex}`));
  if (row === undefined) return undefined;
  const [uid = '', inode = ''] = [row[7], row[9]];
  const process = await processWith(`socket:[${inode}]`);
  if (process !== undefined) return `${(await read(`/proc/${process}/comm`)).trim()} (process ${process})`;
  const [name = uid] = (await read('/etc/passwd')).split('\n').flatMap((line) => {
    const [user = '', , id] = line.split(':');
    return id === uid ? [user] : [];
  });
  return `a program of user ${name}`;
}

/** The process with an open socket; those of other users show theirs to root only. */
async function processWith(socket: string): Promise<string | undefined> {
  const processes = (await list('/proc')).filter((name) => /^\d+$/.test(name));
  for (const process of processes) {
    const folder = `/proc/${process}/fd`;
    const open = await Promise.all(
      (await list(folder)).map((handle) => readlink(`${folder}/${handle}`).catch(() => '')),
    );
    if (open.includes(socket)) return process;
  }
  return undefined;
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function list(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
