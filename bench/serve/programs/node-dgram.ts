/** node:dgram: `node node-dgram.js datagrams`. */
import { createSocket } from 'node:dgram';
import { tell } from './program.js';

const socket = createSocket('udp4');
socket.on('message', (message, { address, port }) => socket.send(message, port, address));
socket.bind(0, '0.0.0.0', () => tell(socket.address().port));
