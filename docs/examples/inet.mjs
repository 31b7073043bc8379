// Addresses and interfaces as text and as numbers: inet_pton, inet_ntop, if_nametoindex, if_indextoname.
import { AF_INET, AF_INET6, if_indextoname, if_nametoindex, inet_ntop, inet_pton } from 'bsd-sockets';
import { networkInterfaces } from 'node:os';

console.log(inet_pton(AF_INET, '127.0.0.1'), inet_pton(AF_INET, 'localhost')); // null: a name, node:dns looks it up
console.log(inet_ntop(AF_INET6, inet_pton(AF_INET6, '0:0:0:0:0:0:0:1')));
for (const name of Object.keys(networkInterfaces())) {
  const index = if_nametoindex(name);
  console.log(`interface ${index} is ${if_indextoname(index)}`);
}
