import { onTestFinished } from 'vitest';
import { boardHandler } from '../../src/monitor/board.ts';
import type { Roster } from '../../src/monitor/board-data.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { startReceiver } from '../../src/receiver/index.ts';

/** Two phones of a floor, and one besides. */
export const ROSTER: Roster = {
  phones: [
    { name: 'reception', host: '172.16.0.57', extension: '6001' },
    { name: 'lobby', host: '172.16.0.37', extension: '6002' },
    { name: 'lab', host: '172.16.0.60' },
  ],
  groups: [{ name: 'floor1', phones: ['reception', 'lobby'] }],
};

/** What an event says besides. */
export interface Said {
  readonly remote?: string;
  readonly display?: string;
  /** Milliseconds ago. */
  readonly ago?: number;
}

/** A listener with a board, and phones that report to it. */
export async function openOffice({ roster = ROSTER, port = 0 } = {}) {
  const receiver = await startReceiver({ port, pages: ({ hub }) => boardHandler({ hub, roster }) });
  onTestFinished(() => receiver.close());
  const report = (phone: string, event: EventName, { remote = '', display = '', ago = 0 }: Said = {}) =>
    receiver.hub.publish({
      time: new Date(Date.now() - ago).toISOString(),
      event,
      phone,
      source: '127.0.0.1',
      path: '',
      values: {
        call_id: remote,
        remote: remote === '' ? '' : `sip:${remote}@pbx`,
        display_remote: display,
      },
    });
  return { receiver, report, url: `${receiver.url}/board` };
}
