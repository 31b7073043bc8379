// Many sockets at once without threads: fcntl (O_NONBLOCK) and poll.
import {
  AF_UNIX,
  close,
  F_GETFL,
  F_SETFL,
  fcntl,
  flagNames,
  O_NONBLOCK,
  poll,
  POLLIN,
  recv,
  send,
  SOCK_STREAM,
  socketpair,
} from 'bsd-sockets';

const [left, right] = socketpair(AF_UNIX, SOCK_STREAM);
fcntl(right, F_SETFL, fcntl(right, F_GETFL) | O_NONBLOCK);
try {
  recv(right, Buffer.alloc(8));
} catch (error) {
  console.log(error.message); // it does not wait
}

const watched = [{ fd: right, events: POLLIN }];
console.log(poll(watched, 10), 'ready'); // after ten milliseconds: nothing
send(left, Buffer.from('x'));
console.log(poll(watched, -1), 'ready:', flagNames('POLL', watched[0].revents));
close(left);
close(right);
