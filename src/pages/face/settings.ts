import { element, setText } from '../parts/element.ts';
import { ask } from './server.ts';
import { entitle, type View } from './view.ts';

/**
 * The menu of the page 'Phone' in the vendor's document ("Configure Action URL via the phone webpage"). A virtual phone
 * has two of its entries.
 */
const MENU: readonly (readonly [label: string, path?: string])[] = [
  ['Preferences'],
  ['Features'],
  ['Upgrade'],
  ['Auto Provision'],
  ['Configuration'],
  ['Remote Control', '/remote-control'],
  ['Action URL', '/action-url'],
  ['Tones'],
  ['Dial Plan'],
  ['Voice'],
  ['Phone Lock'],
  ['TR069'],
  ['Security'],
  ['Debug'],
];

/** A field of the form: its name in requests, and its label on the page. */
export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
}

/** A page of settings, which take effect when saved. */
export interface SettingsDefinition {
  readonly title: string;
  /** The path that reads and writes them, as an object of strings. */
  readonly path: string;
  readonly fields: readonly FieldDefinition[];
  readonly note: readonly (Node | string)[];
}

/** Shows settings. Unsaved input is kept while the phone is unreachable. */
export function showSettings(main: HTMLElement, { title, path, fields, note }: SettingsDefinition): View {
  const inputs = new Map<string, HTMLInputElement>();
  const rows = fields.map(({ name, label, placeholder = '' }) => {
    const input = element('input');
    Object.assign(input, { id: name, name, placeholder, spellcheck: false, autocomplete: 'off' });
    inputs.set(name, input);
    const named = element('label', '', label);
    named.htmlFor = name;
    return element('div', 'row', named, input);
  });
  const save = button('Save', 'submit');
  const cancel = button('Cancel', 'button');
  const said = element('p', 'said');
  said.role = 'status';
  const form = element('form', '', ...rows, element('div', 'buttons', save, cancel, said));
  const read = async () => {
    const values = JSON.parse(await ask(path));
    for (const [name, input] of inputs) input.value = values[name] ?? '';
  };
  const tell = (work: Promise<unknown>, done: string) =>
    work.then(
      () => say(done, false),
      (error) => say(error.message, true),
    );
  const say = (text: string, wrong: boolean) => {
    setText(said, text);
    said.classList.toggle('wrong', wrong);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...inputs].map(([name, { value }]) => [name, value.trim()]));
    tell(ask(path, values).then(read), 'Saved; it counts from now on.');
  });
  cancel.addEventListener('click', () => tell(read(), ''));
  const content = element('section', 'content', element('h2', '', `Phone – ${title}`), form);
  content.append(element('div', 'note', ...note));
  main.replaceChildren(element('div', 'settings', menu(title), content));
  tell(read(), '');
  return {
    phones([first]) {
      if (first !== undefined) entitle(`Phone ${first.phone}`, `${first.phone} · ${title}`);
    },
  };
}

function menu(current: string): HTMLElement {
  const items = MENU.map(([label, path]) => {
    if (path === undefined) return element('li', '', label);
    const link = element('a', '', label);
    link.href = path;
    if (label === current) link.ariaCurrent = 'page';
    return element('li', '', link);
  });
  const made = element('nav', 'menu', element('ul', '', ...items));
  made.ariaLabel = 'Settings of the phone';
  return made;
}

function button(label: string, type: 'submit' | 'button'): HTMLButtonElement {
  const made = element('button', 'key', label);
  made.type = type;
  return made;
}
