import { isAtcomError } from '../../errors.ts';
import { EVENT_DEFINITIONS } from '../../protocol/events.ts';
import type { Desk } from '../desk.ts';
import { readAllowList } from '../face/person.ts';
import { FIRMWARE, type Identity } from '../values.ts';

/** A page of a phone: its fields, and the effect of writing them. */
export interface ServedPage {
  read(): Readonly<Record<string, string>>;
  /**
   * Writes fields, which take effect at once; a returned text says why they did not. Without it, the page is read-only.
   */
  readonly write?: (fields: Readonly<Record<string, string>>) => string | undefined;
}

/** The pages of a phone, by the command that reads them. */
export function webPagesOf(desk: Desk, identity: Identity): ReadonlyMap<string, ServedPage> {
  const { handset } = desk.station;
  const { model, extension } = handset;
  return new Map<string, ServedPage>([
    [
      'status_get',
      {
        read: () => ({
          phoneModel: model,
          firmwareVersion: FIRMWARE,
          macAddress: identity.mac,
          ipAddress: identity.ip,
          account1: extension,
          account1Status: handset.noService === '' ? 'Registered' : 'Register Failed',
        }),
      },
    ],
    ['user_get_phone_ver', { read: () => ({ version: FIRMWARE }) }],
    ['user_get_phone_action_url', actionUrlPage(desk)],
    ['user_get_phone_remote_control_config_url', remoteControlPage(desk)],
  ]);
}

function actionUrlPage({ urls }: Desk): ServedPage {
  return {
    read: () =>
      Object.fromEntries(EVENT_DEFINITIONS.map(({ event }) => [`${event}Url`, urls.fields[event] ?? ''])),
    write(fields) {
      try {
        urls.set(
          Object.fromEntries(Object.entries(fields).map(([name, url]) => [name.replace(/Url$/, ''), url])),
        );
        return undefined;
      } catch (error) {
        if (!isAtcomError(error)) throw error;
        return error.message;
      }
    },
  };
}

function remoteControlPage(desk: Desk): ServedPage {
  const switches = { remoteControl: '1', cstaControl: '0' };
  return {
    read: () => {
      const { allowList } = desk;
      return { actionURIIPList: allowList === 'any' ? 'any' : allowList.join(','), ...switches };
    },
    write({ actionURIIPList, remoteControl, cstaControl }) {
      const list = actionURIIPList === undefined ? undefined : readAllowList({ allow: actionURIIPList });
      if (typeof list === 'object' && 'wrong' in list) return list.wrong;
      if (list !== undefined) desk.allowList = list;
      switches.remoteControl = remoteControl ?? switches.remoteControl;
      switches.cstaControl = cstaControl ?? switches.cstaControl;
      return undefined;
    },
  };
}
