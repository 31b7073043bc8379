// Bun's own listener: `bun bun.mjs echo|conversation|one-way|datagrams`.
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
};

if (work === 'datagrams') {
  const socket = await Bun.udpSocket({
    hostname: '0.0.0.0',
    socket: { data: (own, bytes, port, address) => own.send(bytes, port, address) },
  });
  await say({ port: socket.port });
} else {
  const server = Bun.listen({ hostname: '0.0.0.0', port: 0, socket: { data: data[work], error: () => undefined } });
  await say({ port: server.port });
}

// Idle memory is measured after it.
process.on('SIGUSR2', () => {
  Bun.gc(true);
  void say({ collected: true });
});
