import { Command } from '@commander-js/extra-typings';
import { EVENT_DEFINITIONS } from '../../protocol/events.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';

/** `atcom events` */
export function eventsCommand(context: Context) {
  return new Command('events')
    .summary('list the events that phones report')
    .addHelpText('after', '\nExample:\n  $ atcom action-url list http://172.16.0.184:8088 --only hold,unHold')
    .action(() => {
      const events = EVENT_DEFINITIONS.map(({ event, label, also = [], when, variables = [] }) => ({
        event,
        label,
        also,
        when,
        variables,
      }));
      const value = { ...documentHead('events'), events };
      context.output.result(value, (paint) => {
        const title = "event, its field on the phone's page, when the phone …, variables besides mac and ip";
        const rows = events.map(({ event, label, when, variables }) => [
          event,
          label,
          when,
          variables.join(' '),
        ]);
        return `${paint('bold', title)}\n${columns(rows)}`;
      });
    });
}
