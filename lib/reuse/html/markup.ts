/** HTML in which every text is escaped, because nobody has to think of it. Pure. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML that is finished: it goes into other HTML as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in HTML; texts are escaped, `false` and `undefined` are nothing. */
export type Content = string | number | Markup | readonly Content[] | false | undefined;

/**
 * A template whose values are escaped, in texts and between the quotes of attributes.
 *
 * @example
 * html`<p title="${reason}">${text}</p>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.map((part, index) => part + render(values[index])).join(''));
}

function render(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return typeof value === 'number' ? String(value) : value.map(render).join('');
}
