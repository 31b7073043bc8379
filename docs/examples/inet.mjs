// Addresses, numbers and interfaces: inet_pton, inet_ntop, inet_aton, htons, if_nameindex, if_nametoindex, if_indextoname.
import {
  AF_INET,
  AF_INET6,
  htons,
  if_indextoname,
  if_nameindex,
  if_nametoindex,
  inet_aton,
  inet_ntoa,
  inet_ntop,
  inet_pton,
} from 'bsd-sockets';

console.log(inet_pton(AF_INET, '127.0.0.1'), inet_pton(AF_INET, 'localhost')); // null: a name, node:dns looks it up
console.log(inet_ntop(AF_INET6, inet_pton(AF_INET6, '0:0:0:0:0:0:0:1')));
console.log(inet_ntoa(inet_aton('127.1'))); // the short forms, too
console.log(`port 80 in network order: 0x${htons(80).toString(16)}`);
for (const { index, name } of if_nameindex()) {
  console.log(`interface ${index} is ${name}`, if_nametoindex(name) === index, if_indextoname(index) === name);
}
