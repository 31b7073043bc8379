/** Observable Plot, drawing without a browser. It is loaded when the first chart is drawn: it takes a while. */
import { html, Markup } from './markup.js';

/** A layer of a chart, as Plot makes it. */
export type Mark = object;

type MakeMark = (data: readonly object[], options: object) => Mark;

/** What we use of https://observablehq.com/plot: its own types need those of a browser. */
export interface Plot {
  plot(options: object): SvgElement;
  rect: MakeMark;
  barX: MakeMark;
  text: MakeMark;
  dot: MakeMark;
  lineY: MakeMark;
  ruleX: MakeMark;
  ruleY: MakeMark;
  tickX: MakeMark;
}

interface SvgElement {
  readonly outerHTML: string;
}

interface Tools {
  readonly plot: Plot;
  readonly document: object;
}

let tools: Promise<Tools> | undefined;

async function loadTools(): Promise<Tools> {
  const [plot, linkedom] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { parseHTML } = linkedom as unknown as { parseHTML: (html: string) => { document: object } };
  return { plot: plot as unknown as Plot, document: parseHTML('<!doctype html><html><body></body></html>').document };
}

/**
 * Draws a chart as SVG. A screen reader takes it as one picture.
 *
 * @param label - what the picture shows, in words
 * @param describe - makes Plot's options
 */
export async function draw(label: string, describe: (plot: Plot) => object): Promise<Markup> {
  const { plot, document } = await (tools ??= loadTools());
  const svg = plot.plot({ ...describe(plot), document });
  // linkedom leaves `<` in attributes as it is, which is allowed, but nobody likes to see it.
  // The picture is one thing with one name: Plot's names of its groups ("rect") say nothing, and ARIA forbids them there.
  const inside = svg.outerHTML.slice('<svg '.length).replaceAll(/(<g[^>]*?) aria-label="[^"]*"/g, '$1');
  return html`<svg role="img" aria-label="${label}" ${new Markup(inside)}`;
}
