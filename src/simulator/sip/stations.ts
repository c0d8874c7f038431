import { AtcomError } from '../../errors.ts';
import { isOffline } from '../../offline.ts';
import { hostText } from '../../protocol/command-url.ts';
import type { Model } from '../../protocol/models.ts';
import type { Happening } from '../handset/happenings.ts';
import { newHandset } from '../handset/state.ts';
import { newStation, type Station } from '../handset/station.ts';
import { readAccount, type SipAccount } from './account.ts';
import { SipLine } from './line.ts';

/** Handsets at a PBX, by number. */
export interface SipStations {
  readonly stations: ReadonlyMap<string, Station>;
  readonly lines: ReadonlyMap<string, SipLine>;
  /** Registers all of them; resolves when the registrar has decided on each. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** @throws {AtcomError} `usage`, `offline` */
export function newSipStations(
  accounts: readonly SipAccount[],
  modelOf: (index: number) => Model,
  told: (happenings: readonly Happening[]) => void,
): SipStations {
  const stations = new Map<string, Station>();
  const lines = new Map<string, SipLine>();
  for (const [index, account] of accounts.entries()) {
    const { number, next } = readAccount(account);
    // Behind a PBX are real phones.
    if (isOffline()) throw new AtcomError('offline', { host: hostText({ scheme: 'http', ...next }) });
    if (stations.has(number)) {
      throw new AtcomError('usage', {
        reason: `two accounts have the number ${number}`,
        hint: 'give each number once',
      });
    }
    const handset = newHandset(number, modelOf(index));
    handset.noService = 'not registered yet';
    const station = newStation(
      handset,
      (hear) => {
        const line = new SipLine(account, hear);
        lines.set(number, line);
        return line;
      },
      { told },
    );
    stations.set(number, station);
  }
  return {
    stations,
    lines,
    async open() {
      await Promise.all([...lines.values()].map((line) => line.open()));
    },
    async close() {
      await Promise.all([...lines.values()].map((line) => line.close()));
    },
  };
}
