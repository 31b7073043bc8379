// Datagrams: a loop over what comes, each answered to its sender.
import { AF_INET, SOCK_DGRAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const server = new Socket(AF_INET, SOCK_DGRAM);
server.bind({ family: 'IPv4', address: '127.0.0.1', port: 0 });

async function answerAll() {
  for await (const { data, address, truncated } of server.datagrams({ size: 16 })) {
    await server.sendto(Buffer.from(`${data}${truncated ? ' … and more' : ''}`), address);
  }
}
const answering = answerAll();

const client = new Socket(AF_INET, SOCK_DGRAM);
await client.connect(server.getsockname());
for (const text of ['short', 'a datagram of more than 16 bytes']) {
  await client.send(Buffer.from(text));
  const buffer = Buffer.alloc(64);
  console.log(buffer.toString('utf8', 0, await client.recv(buffer)));
}
client.close();
server.close(); // ends the loop
await answering;
