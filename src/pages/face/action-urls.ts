import { EVENT_DEFINITIONS } from '../../protocol/events.ts';
import { element } from '../parts/element.ts';
import { showSettings } from './settings.ts';
import type { View } from './view.ts';

/** 'Phone – Action URL' of the vendor's document ("Configure Action URL via the phone webpage"). */
export function showActionUrls(main: HTMLElement): View {
  const example = 'http://127.0.0.1:8088/setupCompletedUrl.xml?mac=$mac&ip=$ip';
  return showSettings(main, {
    title: 'Action URL',
    path: '/_sim/action-url',
    fields: EVENT_DEFINITIONS.map(({ event, label }) => ({ name: event, label })),
    note: [
      element(
        'p',
        '',
        'The phone asks for the URL of an event when it happens, such as ',
        element('code', '', example),
      ),
      element('p', '', 'atcom action-url list prints all of them.'),
    ],
  });
}
