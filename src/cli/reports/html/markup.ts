import { visible } from '../../output/text.ts';

/** Text that is HTML already. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand between the tags of a template; a list is its parts one after another. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * HTML, in which everything that is put in is text unless it is {@link Markup}: escaping cannot be forgotten, neither
 * between tags nor in a quoted attribute. What would hide or turn text around is made visible, as on a terminal.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + htmlOf(contents[index])).join(''));
}

function htmlOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.toString();
  if (typeof content === 'object') return content.map(htmlOf).join('');
  return visible(String(content)).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
