// Bun's own listener: `bun bun.mjs echo|conversation|one-way|to-client|datagrams`.
const { Bun } = globalThis;
const work = process.argv[2];

const say = (line) => Bun.write(Bun.stdout, `${JSON.stringify(line)}\n`);

const data = {
  echo: (socket, bytes) => socket.write(bytes),
  conversation: (socket, bytes) => {
    socket.write(bytes);
    socket.end();
  },
  'one-way': () => undefined,
  'to-client': () => undefined,
};

const block = Uint8Array.from({ length: 65536 }, (_, i) => 97 + (i % 26));

/** Sends until the socket takes no more, from where the last block ended. */
function sendBlocks(socket) {
  for (let done = socket.data ?? 0; ; done %= block.length) {
    const sent = socket.write(block, done, block.length - done);
    socket.data = done += Math.max(sent, 0);
    if (done < block.length) return;
  }
}
const sends = work === 'to-client' ? { open: sendBlocks, drain: sendBlocks } : {};

if (work === 'datagrams') {
  const socket = await Bun.udpSocket({
    hostname: '0.0.0.0',
    socket: { data: (own, bytes, port, address) => own.send(bytes, port, address) },
  });
  await say({ port: socket.port });
} else {
  const server = Bun.listen({
    hostname: '0.0.0.0',
    port: 0,
    socket: { data: data[work], error: () => undefined, ...sends },
  });
  await say({ port: server.port });
}

// Idle memory is measured after it.
process.on('SIGUSR2', () => {
  Bun.gc(true);
  void say({ collected: true });
});
