import { request } from 'node:http';
import type { Happening } from '../../src/simulator/happenings.ts';
import { parseOutside, undergo } from '../../src/simulator/outside.ts';
import { type Handset, incomingCall, stateOf } from '../../src/simulator/state.ts';
import { newSwitchboard, type Pressed, type Switchboard } from '../../src/simulator/switchboard.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request whose path goes on the wire exactly as written. */
export function send(
  url: string,
  path: string,
  options: { method?: string; body?: string; localAddress?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body, localAddress } = options;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, path, method, localAddress, agent: false }, (res) => {
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
  /** One token on one phone. */
  press(extension: string, token: string): Pressed;
  /**
   * `6001 6002;DIAL | 6002 ANSWER`: who presses what, in turn. `~` is no key: what rings there has rung long enough;
   * nor is `!openCallWaiting`: an event from outside.
   */
  play(script: string): readonly Happening[];
  /** `talking talking idle`, in the order of the extensions. */
  states(): string;
}

export function newBench(count = 4): Bench {
  const switchboard = newSwitchboard(Array.from({ length: count }, () => 'A48' as const));
  const phone = (extension: string): Handset => {
    const found = switchboard.phones.get(extension);
    if (found === undefined) throw new Error(`no phone ${extension}`);
    return found;
  };
  const press = (extension: string, token: string) => switchboard.press(phone(extension), token);
  const step = (extension: string, key: string): readonly Happening[] => {
    const here = phone(extension);
    if (key === '~') return switchboard.ringOver(incomingCall(here)?.id ?? '');
    return key.startsWith('!')
      ? [undergo(here, parseOutside(key.slice(1)))]
      : press(extension, key).happenings;
  };
  return {
    switchboard,
    phone,
    press,
    play: (script) =>
      script.split(' | ').flatMap((turn) => {
        const [extension = '', keys = ''] = turn.split(' ');
        return keys.split(';').flatMap((key) => step(extension, key));
      }),
    states: () => [...switchboard.phones.values()].map(stateOf).join(' '),
  };
}

/** 6001 talks to 6002. */
export const CALL = '6001 6002;DIAL | 6002 ANSWER';
/** 6001 holds 6002 and talks to 6003. */
export const SECOND = `${CALL} | 6001 HOLD;6003;DIAL | 6003 ANSWER`;
/** 6001, 6002 and 6003 talk together. */
export const CONFERENCE = `${CALL} | 6001 CONFERENCE;6003;SEND | 6003 ANSWER | 6001 CONFERENCE`;
