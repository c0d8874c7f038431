import { isIP } from 'node:net';
import { join } from 'node:path';
import { OTHER_STATE_FOLDER, stateFolder, stateIfAny } from '../config/index.ts';
import { type AtcomError, isAtcomError } from '../errors.ts';
import { readPlainFile } from '../files/plain.ts';
import { reasonOf } from '../files/reason.ts';
import { replaceFile } from '../files/replace.ts';
import type { Person } from '../files/secret.ts';

/** The record of a phone that approved this computer. */
export interface Approval {
  /** When, ISO 8601. */
  readonly at: string;
  /** The address of this computer as the phone saw it, if known. */
  readonly from?: string;
}

/** Approvals by host, as in reports: `172.16.0.57`, `127.0.0.1:7001`. */
export type Approvals = ReadonlyMap<string, Approval>;

/** The approvals, and what is wrong with the file, if anything. */
export interface Memory {
  readonly approvals: Approvals;
  readonly complaint?: string;
}

/** Enough for thousands of phones; a larger file is something else. */
const LARGEST = 1024 * 1024;

/** The file of approvals. */
export function approvalsFile(person: Person, system?: NodeJS.Platform): string {
  return join(stateFolder(person, system), 'approvals.json');
}

/** Reads the approvals. They only affect the wording of hints, so problems are returned instead of thrown. */
export async function readApprovals(person: Person): Promise<Memory> {
  try {
    if (stateIfAny(person) === undefined) return { approvals: new Map() };
    return { approvals: parse(readPlainFile(approvalsFile(person), LARGEST)) };
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException)?.code === 'ENOENT') return { approvals: new Map() };
    const complaint = isAtcomError(error)
      ? error.message
      : `${approvalsFile(person)} cannot be read: ${reasonOf(error)}`;
    return { approvals: new Map(), complaint };
  }
}

/** Skips malformed entries: the file may have been edited, and its text reaches a terminal. */
function parse(text: string): Approvals {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  const phones = isObject(value) ? value['phones'] : undefined;
  if (!isObject(phones)) throw new Error('atcom did not write it');
  const entries = Object.entries(phones).flatMap(([host, entry]): [string, Approval][] => {
    const { at, from } = isObject(entry) ? entry : {};
    if (typeof at !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at)) return [];
    return [[host, typeof from === 'string' && isIP(from) !== 0 ? { at, from } : { at }]];
  });
  return new Map(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the file was written, and what is or was wrong with it. */
export interface Remembered {
  readonly written: boolean;
  readonly complaint?: string;
}

/**
 * Adds approvals to the file; never throws. Two runs that end at the same moment can lose an
 * entry, which costs no more than a less exact hint; neither ever leaves half a file.
 */
export async function rememberApprovals(person: Person, fresh: Approvals): Promise<Remembered> {
  try {
    const file = approvalsFile(person);
    const { approvals, complaint } = await readApprovals(person);
    const phones = Object.fromEntries([...approvals, ...fresh]);
    // On a shared computer, others need not know which phones a user controls.
    await replaceFile(file, `${JSON.stringify({ phones }, null, 2)}\n`, { hint: OTHER_STATE_FOLDER });
    return {
      written: true,
      ...(complaint === undefined ? {} : { complaint: `${complaint}; a new one was started` }),
    };
  } catch (error) {
    const { message, hint } = error as AtcomError<'unwritable-file'>;
    return { written: false, complaint: `${message}; ${hint}` };
  }
}
