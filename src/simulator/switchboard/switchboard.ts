import { AtcomError } from '../../errors.ts';
import type { Model } from '../../protocol/models.ts';
import type { Happening } from '../handset/happenings.ts';
import { newHandset } from '../handset/state.ts';
import { newStation, type Station } from '../handset/station.ts';
import type { Code, PhoneLine, Signal } from '../line.ts';
import { type Fault, newFaults } from './faults.ts';
import type { Pbx } from './pbx.ts';
import { refer } from './transfer.ts';
import { Wires } from './wires.ts';

/** Handsets that can call each other in this process, by their extension. */
export interface Switchboard {
  readonly stations: ReadonlyMap<string, Station>;
  /** Causes a fault on a phone's line, now or at the next occasion; null clears all faults. */
  fault(extension: string, fault: Fault | null): void;
  /** The pending faults. */
  faults(extension: string): readonly Fault[];
}

export interface SwitchboardOptions {
  /** `proxy` by default. */
  readonly pbx?: Pbx | undefined;
  /** How busy phones and people who reject calls respond, 486 by default. */
  readonly refuse?: Code | undefined;
  /** Called with what happened, after each key and each signal. */
  readonly told: (happenings: readonly Happening[]) => void;
}

/** Creates a switchboard of idle phones: extension 6001, 6002 and so on, one for each model. No I/O and no clock. */
export function newSwitchboard(models: readonly Model[], options: SwitchboardOptions): Switchboard {
  const { pbx = 'proxy', refuse = 486, told } = options;
  const faults = newFaults();
  const wires = new Wires({ pbx, refusal: refuse, faults, refer });
  for (const [index, model] of models.entries()) {
    const number = `${6001 + index}`;
    const station = newStation(newHandset(number, model), (hear) => newLine(wires, number, hear), {
      told,
      settle: () => wires.settle(),
    });
    wires.stations.set(number, station);
  }
  const stationOf = (extension: string): Station => {
    const station = wires.stations.get(extension);
    if (station !== undefined) return station;
    throw new AtcomError('unknown-phone', {
      input: extension,
      suggestions: [],
      names: [...wires.stations.keys()],
    });
  };
  return {
    stations: wires.stations,
    fault(extension, fault) {
      const station = stationOf(extension);
      const away = faults.of(extension).includes('registrarAway');
      if (fault !== null) faults.add(extension, fault);
      else faults.clear(extension);
      if (fault === 'registrarAway' && !away)
        station.hear({ kind: 'registerFailed', reason: 'no answer from the PBX' });
      if (fault === null && away) station.hear({ kind: 'registered' });
    },
    faults: faults.of,
  };
}

function newLine(wires: Wires, number: string, hear: (signal: Signal) => void): PhoneLine {
  return {
    host: undefined,
    dial: (to, how = 'plain') => wires.dial(number, to, how),
    pickUp: (from) => wires.pickUp(number, from),
    restart() {
      hear({ kind: 'unregistered' });
      hear({ kind: 'registered' });
    },
    nameOf: (other) => (wires.stations.has(other) ? `Virtual ${other}` : ''),
    close: async () => undefined,
  };
}
