import { readFile } from 'node:fs/promises';

/** The default limit of Linux, for systems that do not tell theirs. */
const USUAL = 1024;

/** Handles reserved for everything but phone connections: files, commands, webhooks. */
const RESERVED = 128;

/** More are never needed, because each phone is answered within milliseconds. */
const MOST = 4096;

/**
 * How many connections may be open, so that there is always a handle left to accept the next one. A process that has
 * none left is not even notified: the system closes new connections.
 */
export async function mostConnections(limits = '/proc/self/limits'): Promise<number> {
  const text = await readFile(limits, 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  const handles = soft === 'unlimited' ? MOST : Number(soft ?? USUAL);
  return Math.max(1, Math.min(MOST, handles - Math.min(RESERVED, Math.ceil(handles / 2))));
}
