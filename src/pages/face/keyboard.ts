import { AUDIO_KEYS, KEYPAD, NAVIGATION } from './keys.ts';

/** The phone's key for each key of the computer keyboard. */
const TYPED: ReadonlyMap<string, string> = new Map([
  ...[...KEYPAD, ...NAVIGATION, ...AUDIO_KEYS].flatMap(({ key, typed = [] }) =>
    typed.map((name) => [name, key] as const),
  ),
  ...['F1', 'F2', 'F3', 'F4'].map((name, index) => [name, `SOFTKEY${index + 1}`] as const),
]);

/** Focused keys and input fields handle these keys themselves. */
const OWN: Readonly<Record<string, string>> = {
  Enter: 'button, a, input, textarea',
  Backspace: 'input, textarea',
  Escape: 'input, textarea',
};

/** Presses the phone's keys as they are typed. */
export function listenToKeyboard(press: (key: string) => void): void {
  document.addEventListener('keydown', (event) => {
    const key = TYPED.get(event.key);
    if (key === undefined || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(OWN[event.key] ?? 'input, textarea') !== null) return;
    event.preventDefault();
    press(key);
  });
}
