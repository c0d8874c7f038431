import type { Model } from '../protocol/models.ts';
import type { Happening } from './handset/happenings.ts';
import type { Station } from './handset/station.ts';
import type { SipAccount } from './sip/account.ts';
import type { SipLine } from './sip/line.ts';
import type { Fault } from './switchboard/faults.ts';
import type { Pbx } from './switchboard/pbx.ts';
import { newSwitchboard } from './switchboard/switchboard.ts';

/** What handsets are connected to: the switchboard of this process, or accounts at a PBX. */
export interface PhoneNetwork {
  readonly stations: ReadonlyMap<string, Station>;
  /** A phone's line at a PBX; undefined in this process. */
  sip(extension: string): SipLine | undefined;
  /** Undefined at a PBX, where faults are up to the PBX. */
  readonly faults:
    | { of(extension: string): readonly Fault[]; set(extension: string, fault: Fault | null): void }
    | undefined;
  /** Activates the lines; resolves when each has registered or failed. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  readonly models: readonly Model[];
  readonly accounts: readonly SipAccount[] | undefined;
  readonly pbx: Pbx | undefined;
  readonly refuse: number | undefined;
  readonly told: (happenings: readonly Happening[]) => void;
}

export async function newNetwork(options: NetworkOptions): Promise<PhoneNetwork> {
  const { accounts, models, told } = options;
  if (accounts === undefined) {
    const switchboard = newSwitchboard(models, options);
    return {
      stations: switchboard.stations,
      sip: () => undefined,
      faults: { of: switchboard.faults, set: switchboard.fault },
      open: async () => undefined,
      close: async () => undefined,
    };
  }
  const { newSipStations } = await import('./sip/index.ts');
  const modelOf = (index: number): Model => models[index] ?? models.at(-1) ?? 'A48';
  const sip = newSipStations(accounts, modelOf, told);
  return { ...sip, sip: (extension) => sip.lines.get(extension), faults: undefined };
}
