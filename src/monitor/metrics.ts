import type { ServerResponse } from 'node:http';
import { EVENT_DEFINITIONS, type EventName } from '../protocol/events.ts';
import { LISTENER_PATHS } from '../protocol/listener-paths.ts';
import { CALL_STATES, type Receiver } from '../receiver/index.ts';
import { type Access, refusalOf } from '../web/guard.ts';
import { failPage, type PageHandler, refuse } from '../web/page.ts';
import { limitUnread, refusalAhead } from '../web/unread.ts';
import { renderOnce } from './render-once.ts';

/** The path that Prometheus scrapes. */
export const METRICS_PATH = LISTENER_PATHS.metrics;

/** A metric and its series. */
interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** Serves counts of events and states for Prometheus, in its text format. */
export function metricsHandler(
  { hub, counts }: Pick<Receiver, 'hub' | 'counts'>,
  access: Access = {},
): PageHandler {
  const events = new Map<EventName, number>(EVENT_DEFINITIONS.map(({ event }) => [event, 0]));
  hub.subscribe(({ event }) => events.set(event, (events.get(event) ?? 0) + 1));
  const metrics = (): readonly Metric[] => {
    const states = [...hub.states()];
    const inState = (call: string) => states.filter(([, state]) => state.call === call).length;
    return [
      {
        name: 'atcom_events_total',
        type: 'counter',
        help: 'Events that phones reported.',
        samples: [...events].map(([event, count]) => [{ event }, count]),
      },
      {
        name: 'atcom_requests_refused_total',
        type: 'counter',
        help: 'Requests to the listener that were no event, by reason.',
        samples: Object.entries(counts).map(([reason, count]) => [{ reason }, count]),
      },
      {
        name: 'atcom_phones',
        type: 'gauge',
        help: 'Phones that were heard, by what they do.',
        samples: CALL_STATES.map((state) => [{ state }, inState(state)]),
      },
      {
        name: 'atcom_phone_last_heard_timestamp_seconds',
        type: 'gauge',
        help: 'When a phone was last heard, in seconds since 1970.',
        samples: states.map(([phone, { heard }]) => [{ phone }, Date.parse(heard?.time ?? '') / 1000]),
      },
    ];
  };
  const giveText = renderOnce(
    () => JSON.stringify([hub.count, counts]),
    () => metricsText(metrics()),
  );
  return (request, response) => {
    const [path] = (request.url ?? '').split('?');
    if (path !== METRICS_PATH) return false;
    const refusal = refusalOf(request, access) ?? refusalAhead(response);
    if (refusal !== undefined) refuse(response, refusal);
    else
      giveText(
        (text) => respond(response, text),
        (error) => failPage(response, error),
      );
    return true;
  };
}

function respond(response: ServerResponse, text: readonly Buffer[]): void {
  // It went away while it waited.
  if (response.destroyed) return;
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': text.reduce((sum, piece) => sum + piece.length, 0),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  for (const piece of text) response.write(piece);
  response.end();
  limitUnread(response);
}

function metricsText(metrics: readonly Metric[]): readonly string[] {
  return metrics.flatMap(({ name, type, help, samples }) => [
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`,
    ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`),
  ]);
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `{${Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)}}`;
}
