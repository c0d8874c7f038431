import { request } from 'node:http';
import type { Happening } from '../../src/simulator/handset/happenings.ts';
import { parseOutside, undergo } from '../../src/simulator/handset/outside.ts';
import { type Handset, stateOf } from '../../src/simulator/handset/state.ts';
import type { Station } from '../../src/simulator/handset/station.ts';
import { parseFault } from '../../src/simulator/switchboard/faults.ts';
import {
  newSwitchboard,
  type Switchboard,
  type SwitchboardOptions,
} from '../../src/simulator/switchboard/switchboard.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request whose path goes on the wire exactly as written. */
export function send(
  url: string,
  path: string,
  options: { method?: string; body?: string; type?: string; localAddress?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body, type = 'application/json', localAddress } = options;
  const headers = body === undefined ? {} : { 'content-type': type };
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, path, method, headers, localAddress, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

export function press(url: string, key: string): Promise<Answer> {
  return send(url, `/cgi-bin/server.cgi?key=${key}`);
}

/** Phones of one switchboard, with what a test asks about them. */
export interface Bench {
  readonly switchboard: Switchboard;
  phone(extension: string): Handset;
  station(extension: string): Station;
  /** The keys of one request on one phone, and all that came of them. */
  press(extension: string, keys: string): readonly Happening[];
  /**
   * `6001 6002;DIAL | 6002 ANSWER`: who presses what, in turn, each turn one request. `~` is no key: what rings there has rung long enough;
   * nor is `!openCallWaiting`, an event from outside, nor `?vanish`, a fault of the line.
   */
  play(script: string): readonly Happening[];
  /** `talking talking idle`, in the order of the extensions. */
  states(): string;
}

export function newBench(count = 4, options: Partial<SwitchboardOptions> = {}): Bench {
  let heard: Happening[] = [];
  const switchboard = newSwitchboard(
    Array.from({ length: count }, () => 'A48' as const),
    {
      ...options,
      told: (happenings) => {
        heard.push(...happenings);
        options.told?.(happenings);
      },
    },
  );
  const station = (extension: string): Station => {
    const found = switchboard.stations.get(extension);
    if (found === undefined) throw new Error(`no phone ${extension}`);
    return found;
  };
  const hearing = (act: () => void): readonly Happening[] => {
    heard = [];
    act();
    return heard;
  };
  const phone = (extension: string) => station(extension).handset;
  /** Keys of one request, and all that came of them. */
  const press: Bench['press'] = (extension, keys) =>
    hearing(() => {
      for (const key of keys.split(';')) station(extension).press(key);
      station(extension).settle();
    });
  const turn = (extension: string, keys: string): readonly Happening[] => {
    const [first = '', rest] = [keys.slice(0, 1), keys.slice(1)];
    if (first === '~') {
      const ringing = station(extension).ringing()?.leg.id ?? '';
      return hearing(() => station(extension).ringOver(ringing));
    }
    if (first === '?') return hearing(() => switchboard.fault(extension, parseFault(rest)));
    return first === '!' ? [undergo(phone(extension), parseOutside(rest))] : press(extension, keys);
  };
  return {
    switchboard,
    phone,
    station,
    press,
    play: (script) =>
      script.split(' | ').flatMap((step) => {
        const [extension = '', keys = ''] = step.split(' ');
        // What is no key stands by itself.
        const turns = keys.split(/(?:^|;)([~!?][^;]*)(?:;|$)/).filter((one) => one !== '');
        return turns.flatMap((one) => turn(extension, one));
      }),
    states: () => [...switchboard.stations.values()].map(({ handset }) => stateOf(handset)).join(' '),
  };
}

/** 6001 talks to 6002. */
export const CALL = '6001 6002;DIAL | 6002 ANSWER';
/** 6001 holds 6002 and talks to 6003. */
export const SECOND = `${CALL} | 6001 HOLD;6003;DIAL | 6003 ANSWER`;
/** 6001, 6002 and 6003 talk together. */
export const CONFERENCE = `${CALL} | 6001 CONFERENCE;6003;SEND | 6003 ANSWER | 6001 CONFERENCE`;
