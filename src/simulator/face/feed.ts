import type { FaceEvent, FaceKey, FaceRequest } from '../../pages/face/data.ts';
import { findEvent } from '../../protocol/events.ts';
import type { Happening } from '../handset/happenings.ts';

/** Something visible on a phone; `changed` only says that it may look different. */
export type Sight =
  | { readonly kind: 'key'; readonly news: FaceKey }
  | { readonly kind: 'event'; readonly news: FaceEvent }
  | { readonly kind: 'request'; readonly news: FaceRequest }
  | { readonly kind: 'changed' };

/** What can be seen of a phone: its recent past, and updates. */
export interface Feed {
  readonly keys: readonly FaceKey[];
  readonly events: readonly FaceEvent[];
  readonly requests: readonly FaceRequest[];
  key(key: FaceKey): void;
  event(happening: Happening): void;
  request(request: Omit<FaceRequest, 'time'>): void;
  changed(): void;
  /** @returns a function that unsubscribes */
  subscribe(look: (seen: Sight) => void): () => void;
}

/** How many of the latest keys, events and requests are kept. */
const MOST = 30;
/** The maximum length of a line shown on a page, because the network can send anything. */
const LONGEST = 200;

export function newFeed(): Feed {
  const keys: FaceKey[] = [];
  const events: FaceEvent[] = [];
  const requests: FaceRequest[] = [];
  const lookers = new Set<(seen: Sight) => void>();
  const tell = (seen: Sight) => {
    for (const look of lookers) look(seen);
  };
  const keep = <T>(list: T[], one: T): T => {
    list.push(one);
    if (list.length > MOST) list.shift();
    return one;
  };
  const time = () => new Date().toISOString();
  return {
    keys,
    events,
    requests,
    key(key) {
      const news = { ...key, token: key.token.slice(0, LONGEST) };
      tell({ kind: 'key', news: keep(keys, news) });
    },
    event({ kind, remote = '', detail = '' }) {
      const words = [remote, detail].filter((word) => word !== '').join(' ');
      const reported = findEvent(kind) !== undefined;
      tell({ kind: 'event', news: keep(events, { time: time(), event: kind, detail: words, reported }) });
      tell({ kind: 'changed' });
    },
    request(request) {
      const news = { time: time(), ...request, query: request.query.slice(0, LONGEST) };
      tell({ kind: 'request', news: keep(requests, news) });
    },
    changed: () => tell({ kind: 'changed' }),
    subscribe(look) {
      lookers.add(look);
      return () => lookers.delete(look);
    },
  };
}
