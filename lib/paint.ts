/** Colours for a terminal. */
import { styleText } from 'node:util';

/** How text is coloured: picocolors has these, for one. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>;

/** No colours. */
export const PLAIN = /* @__PURE__ */ paintWith((_, text) => text);

/** The colours of a terminal. Newer versions of Node would leave them away by the output that a process has. */
export const COLORED = /* @__PURE__ */ paintWith((style, text) => styleText(style, text, { validateStream: false }));

function paintWith(styled: (style: keyof Paint, text: string) => string): Paint {
  const paint = (style: keyof Paint) => (text: string) => styled(style, text);
  return { bold: paint('bold'), dim: paint('dim'), red: paint('red'), green: paint('green'), yellow: paint('yellow') };
}
