import type { ServerResponse } from 'node:http';
import type { FacePhone } from '../../pages/face/data.ts';
import { MODELS } from '../../protocol/models.ts';
import { eventText, startEventStream } from '../../web/event-stream.ts';
import type { Desk } from '../desk.ts';

/** A phone and the port of its web page. */
export interface Seat {
  readonly desk: Desk;
  readonly port: number;
}

/** Streams phones to a page: `phones` first, then updates. Changes of appearance in one tick are sent once. */
export function streamFaces(seats: readonly Seat[], response: ServerResponse): void {
  const shown = new Map<Desk, string>();
  const changed = new Set<Desk>();
  const ends: (() => void)[] = [];
  let look: NodeJS.Immediate | undefined;
  const stream = startEventStream(response, [eventText('phones', seats.map(facePhone))], () => {
    for (const end of ends) end();
    clearImmediate(look);
  });
  const lookAgain = () => {
    look = undefined;
    for (const desk of changed) {
      const state = desk.face();
      const text = JSON.stringify(state);
      if (shown.get(desk) === text) continue;
      shown.set(desk, text);
      stream.send('state', { phone: phoneOf(desk), news: state });
    }
    changed.clear();
  };
  for (const { desk } of seats) {
    shown.set(desk, JSON.stringify(desk.face()));
    const end = desk.feed.subscribe((seen) => {
      if (seen.kind !== 'changed') stream.send(seen.kind, { phone: phoneOf(desk), news: seen.news });
      else {
        changed.add(desk);
        look ??= setImmediate(lookAgain);
      }
    });
    ends.push(end);
  }
}

function facePhone({ desk, port }: Seat): FacePhone {
  const { model, extension } = desk.station.handset;
  const { softkeys: softKeys, memoryKeys } = MODELS[model];
  const { keys, events, requests } = desk.feed;
  return { phone: extension, model, softKeys, memoryKeys, port, state: desk.face(), keys, events, requests };
}

function phoneOf({ station }: Desk): string {
  return station.handset.extension;
}
