import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { link, open, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** What programs of one user know of each other's listeners. */
export interface SameUser {
  /** Known to this user only. */
  readonly secret: string;
  /** The address that the listener on a port was bound to, as far as it wrote it down. */
  recall(port: number): Promise<string | undefined>;
  /** Writes down where a listener is bound. */
  record(port: number, address: string): Promise<void>;
  /** Takes that back, unless another listener has written since. */
  forget(port: number, address: string): Promise<void>;
}

/**
 * Opens what programs of one user share in a folder that is there already: a secret, which is made when there is none.
 *
 * @throws {Error} where the folder cannot be used, or what is in it may be known to others
 */
export async function openSameUser(folder: string): Promise<SameUser> {
  const secret = await secretIn(folder);
  const file = (port: number) => join(folder, `listener-${port}`);
  const recall = async (port: number) => {
    const address = await readFile(file(port), 'utf8').catch(() => '');
    return isIP(address) === 0 ? undefined : address;
  };
  return {
    secret,
    recall,
    record: (port, address) => writeFile(file(port), address, { mode: 0o600 }),
    async forget(port, address) {
      if ((await recall(port)) === address) await unlink(file(port)).catch(() => undefined);
    },
  };
}

/** Who says that he knows the secret: each side proves it with other words. */
export type Side = 'listener' | 'reader';

/** Shows that one knows the secret, for one connection: where it leads, and a number that is used once. */
export function proofOf(secret: string, side: Side, address: string, nonce: string): string {
  return createHmac('sha256', secret).update(`${side} ${address} ${nonce}`).digest('hex');
}

/** Whether a proof is the right one, in a time that does not tell how much of it is. */
export function isProof(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

async function secretIn(folder: string): Promise<string> {
  const path = join(folder, 'listener-secret');
  const mine = `${path}.${randomBytes(8).toString('hex')}`;
  const made = await open(mine, 'wx', 0o600);
  try {
    const ours = await made.stat();
    refuseOthers(await stat(folder), ours, 0o022, folder);
    await made.writeFile(randomBytes(32).toString('hex'));
    // Of several programs that begin at once, one makes it.
    await link(mine, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await open(path, READ);
    try {
      refuseOthers(await found.stat(), ours, 0o077, path);
      const secret = await found.readFile('utf8');
      if (!/^[0-9a-f]{64}$/.test(secret)) throw new Error(`${path} holds no secret: remove it`);
      return secret;
    } finally {
      await found.close();
    }
  } finally {
    await made.close();
    await unlink(mine);
  }
}

/** What another user owns, or may use, is not only of this one. Windows has no modes: there a user's folder is his own. */
function refuseOthers({ uid, mode }: Stats, ours: Stats, others: number, path: string): void {
  if (uid !== ours.uid) throw new Error(`${path} belongs to another user`);
  const hasModes = (ours.mode & 0o077) === 0;
  if (hasModes && (mode & others) !== 0) throw new Error(`others can use ${path}: chmod go-rwx it`);
}
