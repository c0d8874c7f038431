import { visible } from '../../../errors/visible.ts';

/** Text that is already HTML. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What can be inserted in a template; a list is concatenated. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * HTML in which everything inserted is text unless it is {@link Markup}, so escaping cannot be forgotten, neither
 * between tags nor in a quoted attribute. Invisible and bidirectional characters are made visible, as on a terminal.
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
