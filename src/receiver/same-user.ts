import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { link, open, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { attempt } from '../files/attempt.ts';
import { makeFolder } from '../files/make-folder.ts';

/** What programs of one user share about their listeners. */
export interface SameUser {
  /** The secret, known to this user only. */
  readonly secret: string;
  /** The addresses at which listeners on a port are recorded. One that was killed may still be. */
  recall(port: number): Promise<readonly string[]>;
  /** Records where a listener is bound. */
  record(port: number, address: string): Promise<void>;
  /** Removes that record. */
  forget(port: number, address: string): Promise<void>;
}

/** The secret cannot be used. Where listeners are is known all the same. */
export class Unshared extends Error {
  readonly recall: SameUser['recall'];

  constructor(why: Error, recall: SameUser['recall']) {
    super(why.message, { cause: why });
    this.recall = recall;
  }
}

/**
 * Opens the shared secret in a folder, and creates both if they are not there.
 *
 * @throws {Error} if the folder cannot be used
 * @throws {Unshared} if others may have read the secret
 */
export async function openSameUser(folder: string): Promise<SameUser> {
  await makeFolder(folder);
  const file = (port: number, address: string) =>
    join(folder, `listener-${port}-${address.replaceAll(':', '_')}-${here()}`);
  const recall: SameUser['recall'] = async (port) => {
    const all = await listenersIn(folder);
    return all.filter((one) => one.port === port).map(({ address }) => address);
  };
  const secret = await secretIn(folder).catch((error: Error) => {
    throw new Unshared(error, recall);
  });
  return {
    secret,
    recall,
    record: (port, address) => writeFile(file(port, address), '', { mode: 0o600, flag: WRITE }),
    forget: (port, address) => unlink(file(port, address)).catch(() => undefined),
  };
}

/** The network that a process is in: another one, as of a container, has the same addresses. Only Linux tells. */
export function network(): string {
  return attempt(() => readlinkSync('/proc/self/ns/net')) ?? '';
}

/** The computer that a process is on: the first network of each has the same number. */
export const COMPUTER =
  attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()) || hostname();

/** The network for the name of a file. */
const here = () => /\d+/.exec(network())?.[0] ?? '';

/**
 * The listeners of this network that are recorded in a folder. Each has a file of its own, because several may listen on
 * one port, and containers may share a folder but no network.
 */
export async function listenersIn(
  folder: string,
): Promise<readonly { readonly port: number; readonly address: string }[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.flatMap((name) => {
    const [, port, written = '', where] = /^listener-(\d+)-([^-]+)-(\d*)$/.exec(name) ?? [];
    const address = written.replaceAll('_', ':');
    return where === here() && isIP(address) !== 0 ? [{ port: Number(port), address }] : [];
  });
}

/** A number that is used once. */
export const newNonce = () => randomBytes(16).toString('hex');

/** What a proof is about: one connection, now. */
export interface Meeting {
  /** Both ends of the connection, the reader's first, so that nobody between can pass a proof on. */
  readonly ends: string;
  /** A nonce of each side, the reader's first, so that nobody can use a proof again. */
  readonly nonces: string;
}

/** A proof that one side knows the secret. */
export function proofOf(secret: string, side: 'listener' | 'reader', { ends, nonces }: Meeting): string {
  return createHmac('sha256', secret).update(`${side} ${ends} ${nonces}`).digest('hex');
}

/** A proof that a listener requires a token, which says nothing of either to anybody else. */
export function proofOfToken(secret: string, token: string): string {
  return createHmac('sha256', secret).update(`token ${token}`).digest('hex');
}

/** A proof that a listener reads by some rules. */
export function proofOfRules(secret: string, rules: string): string {
  return createHmac('sha256', secret).update(`rules ${rules}`).digest('hex');
}

/** Compares a proof in constant time. */
export function isProof(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

// A pipe in the place of such a file must not stop the program.
const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const WRITE = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK;

async function secretIn(folder: string): Promise<string> {
  const path = join(folder, 'listener-secret');
  const mine = `${path}.${randomBytes(8).toString('hex')}`;
  const made = await open(mine, 'wx', 0o600);
  try {
    const ours = await made.stat();
    refuseOthers(await stat(folder), ours, 0o022, folder);
    await made.writeFile(randomBytes(32).toString('hex'));
    // Of several programs that start at once, one creates it.
    await link(mine, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await open(path, READ);
    try {
      const stats = await found.stat();
      if (!stats.isFile()) throw new Error(`${path} is no plain file: remove it`);
      refuseOthers(stats, ours, 0o077, path);
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

/** Whether only this user owns and can access a file. Windows has no modes: a user's folder is private there. */
function refuseOthers({ uid, mode }: Stats, ours: Stats, others: number, path: string): void {
  if (uid !== ours.uid) throw new Error(`${path} belongs to another user`);
  const hasModes = (ours.mode & 0o077) === 0;
  if (hasModes && (mode & others) !== 0) throw new Error(`others can use ${path}: chmod go-rwx it`);
}
