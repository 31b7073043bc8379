// sd_notify(3) by hand: a datagram to the unix socket in NOTIFY_SOCKET. `bsd-sockets/node` has it as notify().
// Where no manager has set it, we play the manager too, and see who wrote: SCM_CREDENTIALS; Linux.
import {
  AF_UNIX,
  bind,
  close,
  controlSpace,
  getsockname,
  recvmsg,
  sendto,
  setsockopt,
  SO_PASSCRED,
  SOCK_DGRAM,
  socket,
  SOL_SOCKET,
  ucred,
} from 'bsd-sockets';

/** The path in NOTIFY_SOCKET; '@' in front stands for the zero byte of an abstract name. */
function notify(state, path = process.env.NOTIFY_SOCKET) {
  const fd = socket(AF_UNIX, SOCK_DGRAM);
  sendto(fd, Buffer.from(state), 0, { family: 'Unix', path: path.replace(/^@/, '\0') });
  close(fd);
}

if (process.env.NOTIFY_SOCKET) {
  notify('READY=1\nSTATUS=Waiting for connections');
  console.log('told the manager');
} else if (process.platform === 'linux') {
  const manager = socket(AF_UNIX, SOCK_DGRAM);
  bind(manager, { family: 'Unix', path: '' });
  setsockopt(manager, SOL_SOCKET, SO_PASSCRED, true);
  notify('READY=1\nSTATUS=Waiting for connections', getsockname(manager).path);

  const buffer = Buffer.alloc(4096);
  const { bytesRead, control } = recvmsg(manager, [buffer], { controlLength: controlSpace(ucred.size) });
  console.log(`process ${control[0].credentials.pid} says:\n${buffer.toString('utf8', 0, bytesRead)}`);
  close(manager);
} else {
  console.log('NOTIFY_SOCKET is not set');
}
