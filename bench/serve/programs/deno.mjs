// Deno's own listener: `deno run … deno.mjs echo|conversation|one-way|to-client|datagrams`.
const { Deno, TextEncoder } = globalThis;
const work = Deno.args[0];

const say = (line) => Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));

async function writeAll(connection, bytes) {
  for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
}

const serve = {
  async echo(connection) {
    const buffer = new Uint8Array(64);
    for (let length; (length = await connection.read(buffer)) !== null;)
      await writeAll(connection, buffer.subarray(0, length));
  },
  async conversation(connection) {
    const buffer = new Uint8Array(40);
    const length = await connection.read(buffer);
    if (length !== null) await writeAll(connection, buffer.subarray(0, length));
  },
  async 'one-way'(connection) {
    const buffer = new Uint8Array(65536);
    while ((await connection.read(buffer)) !== null) continue;
  },
  async 'to-client'(connection) {
    const block = Uint8Array.from({ length: 65536 }, (_, i) => 97 + (i % 26));
    for (;;) await writeAll(connection, block);
  },
}[work];

async function echoDatagrams(socket) {
  const buffer = new Uint8Array(2048);
  for (;;) {
    const [bytes, address] = await socket.receive(buffer);
    await socket.send(bytes, address);
  }
}

async function acceptAll(listener) {
  for await (const connection of listener) {
    serve(connection)
      .catch(() => undefined) // the client resets its connections
      .finally(() => connection.close());
  }
}

// Idle memory is measured after it.
Deno.addSignalListener('SIGUSR2', () => {
  globalThis.gc();
  say({ collected: true });
});

const own =
  work === 'datagrams'
    ? Deno.listenDatagram({ transport: 'udp', hostname: '0.0.0.0', port: 0 })
    : Deno.listen({ hostname: '0.0.0.0', port: 0 });
say({ port: own.addr.port });
void (work === 'datagrams' ? echoDatagrams(own) : acceptAll(own));
