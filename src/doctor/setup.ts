import type { Hide } from '../phone/index.ts';
import { newActionReader } from '../protocol/action-url.ts';
import { targetAt } from '../protocol/action-url-lint.ts';
import { EVENTS, type EventName } from '../protocol/events.ts';
import { withoutSlashes } from '../protocol/slashes.ts';
import { TOKEN } from '../protocol/token.ts';
import { isAllowed, lookClosely, type SetupFacts } from '../setup/index.ts';
import { quoteShellWord } from '../shell.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';
import { type Facts, INTERRUPTED, type Subject } from './subject.ts';

/**
 * What the phone's own web pages say, where there is a password for them. Nothing of it is a problem by itself: these pages
 * are unverified on hardware, and what matters of them, other checks find out.
 */
export async function checkSetup(subject: Subject, facts: Facts): Promise<readonly Finding[]> {
  const { web, signal, transport, onRequest } = subject;
  if (web?.password === undefined) return [];
  if (signal.aborted) return [skipped('web-page', INTERRUPTED)];
  const phone = { settings: web, stop: signal, transport, onRequest };
  const { report, facts: found, hide } = await lookClosely(phone);
  const page =
    'error' in report
      ? warning('web-page', report.error.message, report.error.hint ?? 'look at its web page in a browser')
      : ok('web-page', 'its pages can be read (experimental, unverified on hardware)');
  return [page, ...firmware(found, hide), ...actionUrls(subject, found), ...list(subject, found, facts)];
}

/** "Feature needs firmware 2.x." */
function firmware({ firmware: version, model }: SetupFacts, hide: Hide): readonly Finding[] {
  if (version === undefined) return [];
  const told = hide(`${version}${model === undefined ? '' : ` (${model})`}`);
  const major = Number(/\d+/.exec(version)?.[0]);
  if (major >= 2) return [ok('firmware', told)];
  return [warning('firmware', `${told}: remote control needs 2.x`, 'update the firmware of the phone')];
}

function actionUrls(
  { config, settings, target }: Subject,
  { actionUrls: urls }: SetupFacts,
): readonly Finding[] {
  const url = config.listener?.url;
  const listener = url && withoutSlashes(url);
  if (urls === undefined) return [];
  const untrusted = config.listener?.untrusted;
  if (untrusted !== undefined && listener === undefined) {
    const message = `what ${untrusted} alone says of the listener does not count, because it is not trusted`;
    return [
      warning(
        'action-urls',
        message,
        `check what is in it, then run: atcom config trust ${quoteShellWord(untrusted)}`,
      ),
    ];
  }
  const wanted = settings.events ?? EVENTS.map(({ event }) => event);
  if (listener === undefined) {
    const place = 'where they should point: listener: { url } in the config';
    const empty = wanted.filter((event) => urls[event] === undefined).length;
    return empty === 0
      ? [skipped('action-urls', `${wanted.length} are filled in; nothing says ${place}`)]
      : [
          warning(
            'action-urls',
            `${empty} of ${wanted.length} are not filled in`,
            `say ${place}, then run the doctor again`,
          ),
        ];
  }
  const missing = wanted.filter((event) => !reports(urls[event], event, listener, config));
  if (missing.length === 0) return [ok('action-urls', `${wanted.length} point to ${listener}`)];
  const names = missing.length > 3 ? `${missing.slice(0, 3).join(', ')} …` : missing.join(', ');
  const only = settings.events === undefined ? '' : ` --only ${wanted.join(',')}`;
  return [
    warning(
      'action-urls',
      `${missing.length} of ${wanted.length} do not point to ${listener}: ${names}`,
      `atcom setup action-urls ${quoteShellWord(listener)} --to ${target}${only}`,
    ),
  ];
}

/** Whether a URL reports an event to a listener, whatever else it tells. */
function reports(
  url: string | undefined,
  event: EventName,
  listener: string,
  config: Subject['config'],
): boolean {
  const target = targetAt(listener, url ?? '');
  if (target === undefined) return false;
  const request = newActionReader({ events: config.events })(target);
  // Which secret it is does not show.
  const secret = config.listener?.token === undefined || request?.values[TOKEN] !== undefined;
  return request?.event === event && secret;
}

function list({ target }: Subject, { allowList }: SetupFacts, { own }: Facts): readonly Finding[] {
  if (allowList === undefined || own === undefined) return [];
  if (isAllowed(allowList, own))
    return [ok('ip-list', `the "Action URI allow IP list" contains ${own}, or any`)];
  const message = `the "Action URI allow IP list" does not contain ${own}, which is this computer`;
  return [
    warning(
      'ip-list',
      message,
      `atcom setup allow-list --add --to ${target}; behind NAT, with the address that the phone sees`,
    ),
  ];
}
