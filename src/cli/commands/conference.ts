import { phoneCommand } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom conference [number]` */
export function conferenceCommand(take: Take) {
  return phoneCommand('conference')
    .summary('invite a number to a conference; without one, join the calls')
    .description('Invites a number: CONFERENCE;6044;SEND. Without a number, joins the calls: CONFERENCE.')
    .argument('[number]', 'number to invite')
    .addHelpText('after', '\nExample:\n  $ atcom conference 6044')
    .action((number, options) =>
      take(
        verbStep(
          'conference',
          number === undefined ? { form: 'conference' } : { form: 'conference.number', number },
          options,
        ),
      ),
    );
}
