// Messages: sendmsg and recvmsg with several buffers, and a descriptor passed over a unix socket.
import {
  AF_UNIX,
  close,
  controlSpace,
  recvmsg,
  SCM_RIGHTS,
  sendmsg,
  SOCK_STREAM,
  socketpair,
  SOL_SOCKET,
} from 'bsd-sockets';
import { openSync, readFileSync } from 'node:fs';

const [left, right] = socketpair(AF_UNIX, SOCK_STREAM);
const file = openSync(import.meta.filename ?? process.argv[1], 'r');
sendmsg(left, {
  buffers: [Buffer.from('here it '), Buffer.from('is')],
  control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [file] }],
});

const [head, tail] = [Buffer.alloc(4), Buffer.alloc(16)];
const { bytesRead, control } = recvmsg(right, [head, tail], { controlLength: controlSpace(4) });
const [passed] = control.flatMap((message) => message.fds ?? []); // ours now, and ours to close
console.log(
  `"${head}" and "${tail.toString('utf8', 0, bytesRead - head.length)}", with another descriptor of the file:`,
);
console.log(readFileSync(passed, 'utf8').split('\n')[0]);
for (const fd of [file, passed, left, right]) close(fd);
