import { element } from '../parts/element.ts';
import { showSettings } from './settings.ts';
import type { View } from './view.ts';

/** 'Phone – Remote Control' of the vendor's document ("Configure Active URI via the phone webpage"). */
export function showRemoteControl(main: HTMLElement): View {
  return showSettings(main, {
    title: 'Remote Control',
    path: '/_sim/allow-list',
    fields: [{ name: 'allow', label: 'Action URI allow IP list', placeholder: '172.16.0.235, 172.16.0.232' }],
    note: [
      element('p', '', 'Addresses that may press the keys of this phone, separated by commas.'),
      element('p', '', '“any” allows every address; an empty field switches remote control off.'),
      element('p', '', 'The first request of an address shows “Allow Remote Control?” on the display.'),
    ],
  });
}
