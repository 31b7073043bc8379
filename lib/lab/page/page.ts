/** The lab's page: one document with its program and style in it, which asks nobody else for anything. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../root.js';
import type { PageStart } from '../protocol.js';

interface Parts {
  readonly script: string;
  readonly style: string;
}

let parts: Parts | undefined;

/** What the build made of `browser/`. */
function builtParts(): Parts {
  const read = (name: string): string => readFileSync(join(packageRoot() ?? '', 'dist', 'cli', name), 'utf8');
  return (parts ??= { script: read('lab-page.js'), style: read('lab-page.css') });
}

/** The document, and the Content-Security-Policy that it is served with. */
export function pageOf(start: PageStart): { html: string; csp: string } {
  const { script, style } = builtParts();
  const csp = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    // Positions and widths of drawings are attributes of elements; the style sheet is a hash all the same.
    `style-src-elem ${hashOf(style)}`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // A file has no headers: the policy is in it too. frame-ancestors is for headers only.
  const title = start.recording === undefined ? 'bsd-sockets lab' : start.recording.title;
  const html = `<!doctype html>
<html lang="${start.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="lab"></div>
<script type="application/json" id="start">${JSON.stringify(start).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, csp: `${csp}; frame-ancestors 'none'` };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${String(one.charCodeAt(0))};`);
