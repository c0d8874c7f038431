import type { EventName } from '../../../src/protocol/events.ts';
import type { ReportedEvent } from '../../../src/receiver/index.ts';

/** An event as a phone reports it: `incomingCall 6001`. */
export function reported(text: string, phone = 'b'): ReportedEvent {
  const [event = '', remote = ''] = text.split(' ');
  return {
    time: '2026-11-25T10:00:00.000Z',
    event: event as EventName,
    phone,
    source: '127.0.0.1',
    path: `/${event}Url.xml`,
    values: remote === '' ? {} : { remote: `sip:${remote}@pbx` },
  };
}
