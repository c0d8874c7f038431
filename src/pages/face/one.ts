import { element, find, setText } from '../parts/element.ts';
import type { FaceState } from './data.ts';
import { listenToKeyboard } from './keyboard.ts';
import { Lately } from './lately.ts';
import { PhoneFace } from './phone.ts';
import { soundSwitch } from './ring.ts';
import { act } from './server.ts';
import { entitle, type View } from './view.ts';

/** Shows a phone and sends what is done on it. */
export function showPhone(main: HTMLElement): View {
  let face: PhoneFace | undefined;
  let lately: Lately | undefined;
  let phone = '';
  const bell = soundSwitch();
  find('pages').after(bell.button);
  listenToKeyboard((key) => act(phone, { keys: [key] }));
  const show = (state: FaceState) => {
    face?.show(state);
    bell.ring(state.state === 'ringing');
    const ringing = state.state === 'ringing' ? '☎ ' : '';
    document.title = document.title.replace(/^(?:☎ )?/, ringing);
    // A screen reader announces the large text of the display, and the prompt.
    setText(find('news'), state.lcd[1] ?? '');
  };
  return {
    phones([first]) {
      if (first === undefined) return;
      phone = first.phone;
      entitle(`Phone ${phone}`, `${phone} · ${first.model}`);
      face = new PhoneFace(first, (action) => act(phone, action));
      lately = new Lately(first);
      main.replaceChildren(element('div', 'desk', face.root, lately.root));
      show(first.state);
    },
    state: ({ news }) => show(news),
    key({ news }) {
      face?.light(news);
      lately?.key(news);
    },
    event: ({ news }) => lately?.event(news),
    request: ({ news }) => lately?.request(news),
  };
}
