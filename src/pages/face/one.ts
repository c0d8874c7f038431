import { element, find, setText } from '../parts/element.ts';
import type { FaceKey, FacePhone, FaceState } from './data.ts';
import { listenToKeyboard } from './keyboard.ts';
import { PhoneFace } from './phone.ts';
import { act } from './server.ts';

/** Shows a phone on the page, and does what is done to it. */
export function showPhone(main: HTMLElement) {
  let face: PhoneFace | undefined;
  let phone = '';
  const press = (key: string) => act(phone, { keys: [key] });
  listenToKeyboard(press);
  return {
    phones([first]: readonly FacePhone[]) {
      if (first === undefined) return;
      phone = first.phone;
      setText(find('title'), `Phone ${phone}`);
      document.title = `${phone} · ${first.model}`;
      face = new PhoneFace(first, (action) => act(phone, action));
      main.replaceChildren(element('div', 'desk', face.root));
      main.ariaBusy = 'false';
    },
    state: ({ news }: { readonly news: FaceState }) => face?.show(news),
    key: ({ news }: { readonly news: FaceKey }) => face?.light(news),
  };
}
