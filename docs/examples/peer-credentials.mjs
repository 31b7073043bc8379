// Who is at the other end of a unix socket: the kernel says it, the peer cannot lie. SO_PEERCRED; Linux.
import {
  accept,
  AF_UNIX,
  bind,
  close,
  connect,
  getsockname,
  getsockopt,
  listen,
  SO_PEERCRED,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
  ucred,
} from 'bsd-sockets';

if (process.platform === 'linux') {
  const server = socket(AF_UNIX, SOCK_STREAM);
  bind(server, { family: 'Unix', path: '' }); // autobind: the kernel chooses an abstract name
  listen(server);
  const client = socket(AF_UNIX, SOCK_STREAM);
  connect(client, getsockname(server));
  const { fd } = accept(server);

  const { pid, uid, gid } = ucred.decode(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred.size));
  console.log(`process ${pid} of user ${uid}, group ${gid}: ${pid === process.pid ? 'ourselves' : 'somebody else'}`);
  for (const each of [fd, client, server]) close(each);
} else {
  console.log('only Linux has SO_PEERCRED');
}
