import { describe, expect, test } from '@jest/globals';
import { parsePasted } from '../../lib/cli/pasted.js';

describe('what is pasted after why', () => {
  test.each([
    ['3000', { port: 3000 }],
    [':3000', { port: 3000 }],
    [':::3000', { port: 3000 }],
    ['*:3000', { port: 3000 }],
    ['[::]:3000', { port: 3000 }],
    ['127.0.0.1:3000', { port: 3000, host: '127.0.0.1' }],
    ['0.0.0.0:3000', { port: 3000, host: '0.0.0.0' }],
    ['[::1]:3000', { port: 3000, host: '::1' }],
    ['::1:3000', { port: 3000, host: '::1' }],
    ['localhost:3000', { port: 3000 }],
    ['my-host.local:3000', { port: 3000, host: 'my-host.local' }],
    ['3000/tcp', { port: 3000, protocol: 'tcp' }],
    ['0.0.0.0:53/udp', { port: 53, host: '0.0.0.0', protocol: 'udp' }],
    ['http://localhost:3000/x', { port: 3000 }],
    ['http://127.0.0.1:3000/a:9/?b=1:2#c', { port: 3000, host: '127.0.0.1' }],
    ['https://[::1]/', { port: 443, host: '::1' }],
    ['http://0.0.0.0', { port: 80, host: '0.0.0.0' }],
    ['ws://localhost:5173/', { port: 5173 }],
    ['tcp://127.0.0.1:2375', { port: 2375, host: '127.0.0.1', protocol: 'tcp' }],
    ['http://*:8080/', { port: 8080 }],
    ['Error: listen EADDRINUSE: address already in use :::3000', { port: 3000 }],
    ['Error: listen EADDRINUSE: address already in use 127.0.0.1:3000', { port: 3000, host: '127.0.0.1' }],
    ['Error: listen EADDRINUSE: address already in use ::1:3000', { port: 3000, host: '::1' }],
    ['Error: listen EADDRINUSE: address already in use /tmp/app.sock', { path: '/tmp/app.sock' }],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', { port: 80, host: '0.0.0.0' }],
    ['Error: bind EADDRINUSE 0.0.0.0:5353', { port: 5353, host: '0.0.0.0' }],
    ['listening on http://localhost:8080/.', { port: 8080 }],
    ['Port 5173 is already in use', { port: 5173 }],
    ['0.0.0.0:8080->80/tcp', { port: 8080, host: '0.0.0.0', protocol: 'tcp' }],
    ['0.0.0.0:8080->80/tcp, [::]:8080->80/tcp', { port: 8080, host: '0.0.0.0', protocol: 'tcp' }],
    ['localhost 3000', { port: 3000 }],
    ['PORT=3000', { port: 3000 }],
    ['npm run dev -- --port 3000', { port: 3000 }],
    ['vite --port=3000', { port: 3000 }],
    ['lsof -i:3000', { port: 3000 }],
    ['Web server failed to start. Port 8080 was already in use.', { port: 8080 }],
    ['listen tcp :8080: bind: address already in use', { port: 8080 }],
    ['listen udp 0.0.0.0:53: bind: address already in use', { port: 53, host: '0.0.0.0', protocol: 'udp' }],
    ['nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)', { port: 80, host: '0.0.0.0' }],
    ['nginx: [emerg] bind() to [::]:80 failed (98: Address already in use)', { port: 80 }],
    [
      "[Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use",
      { port: 8000, host: '127.0.0.1' },
    ],
    [
      'Address already in use - bind(2) for "127.0.0.1" port 3000 (Errno::EADDRINUSE)',
      { port: 3000, host: '127.0.0.1' },
    ],
    [
      "node:events:497\n  throw er;\nError: listen EADDRINUSE: address already in use :::3000\n    at Server.setupListenHandle [as _listen2] (node:net:1904:16)\n  address: '::',\n  port: 3000",
      { port: 3000 },
    ],
  ])('%j', (text, meant) => {
    expect(parsePasted(text)).toEqual(meant);
  });

  test.each(['', 'http', '65536', '80x', '1e3', ':', '127.0.0.1', 'http://', 'nothing at all', '-1', '3000:'])(
    'that names no port: %j',
    (text) => {
      expect(parsePasted(text)).toBeUndefined();
    },
  );
});
