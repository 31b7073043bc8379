// A unix socket over which a process hands an open file to another: listen, accept, sendmsg, recvmsg.
import { close, controlSpace, SCM_RIGHTS, SOL_SOCKET } from 'bsd-sockets';
import { connect, listen } from 'bsd-sockets/promises';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-example-'));
const address = { family: 'Unix', path: join(folder, 'socket') };
const server = listen(address);

async function handOut() {
  const { socket } = await server.accept();
  const file = openSync(import.meta.filename ?? process.argv[1], 'r');
  await socket.sendmsg({
    buffers: [Buffer.from('a file')],
    control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [file] }],
  });
  closeSync(file); // the message holds it open
  socket.close();
}
const handing = handOut();

const socket = await connect(address);
const text = Buffer.alloc(16);
const { bytesRead, control } = await socket.recvmsg([text], { controlLength: controlSpace(4) });
const [file] = control.flatMap((message) => message.fds ?? []); // ours now, and ours to close
console.log(`${text.toString('utf8', 0, bytesRead)}, which begins: ${readFileSync(file, 'utf8').split('\n')[0]}`);
close(file);
socket.close();
await handing;
server.close();
rmSync(folder, { recursive: true });
