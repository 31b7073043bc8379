/** The lab's page. */
import type { PageStart } from '../protocol.js';

/** The document, and the Content-Security-Policy that it is served with. */
export function pageOf({ language }: PageStart): { html: string; csp: string } {
  return {
    html: `<!doctype html><html lang="${language}"><title>bsd-sockets lab</title></html>`,
    csp: "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
  };
}
