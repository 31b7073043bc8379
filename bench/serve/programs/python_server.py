"""Python's servers: `python3 python_server.py epoll|protocol|streams|uvloop echo|conversation|one-way|to-client|datagrams`."""
import asyncio
import gc
import json
import os
import select
import signal
import socket
import sys

BACKLOG = 4096
CHUNK = 65536
BLOCK = bytes(97 + i % 26 for i in range(CHUNK))


def say(line):
    os.write(1, json.dumps(line).encode() + b"\n")


def collect(*_):
    gc.collect()
    say({"collected": True})


# One edge-triggered epoll, written as in C.


def accept_all(listener, epoll, connections, writable):
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return
        connection.setblocking(False)
        fd = connection.fileno()
        connections[fd] = connection
        epoll.register(fd, select.EPOLLIN | writable | select.EPOLLRDHUP | select.EPOLLET)


def send_blocks(connection, sent):
    """Until the peer takes no more. `sent`: by connection, how much of the block it has."""
    try:
        while True:
            done = sent.get(connection, 0)
            sent[connection] = (done + connection.send(memoryview(BLOCK)[done:])) % CHUNK
    except BlockingIOError:
        return True
    except OSError:
        return False


SENT = {}


def serve(connection, work, size):
    """False when the connection is over."""
    if work == "to-client":
        return send_blocks(connection, SENT)
    try:
        while True:
            data = connection.recv(size)
            if not data:
                return False
            if work != "one-way":
                connection.sendall(data)
            if work == "conversation":
                return False
            if len(data) < size:
                return True
    except BlockingIOError:
        return True
    except OSError:
        return False


def run_epoll(work):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", 0))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    epoll = select.epoll()
    epoll.register(listener.fileno(), select.EPOLLIN)
    connections = {}
    ended = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
    writable = select.EPOLLOUT if work == "to-client" else 0
    size = 40 if work == "conversation" else CHUNK
    say({"port": listener.getsockname()[1]})
    while True:
        for fd, events in epoll.poll(maxevents=512):
            if fd == listener.fileno():
                accept_all(listener, epoll, connections, writable)
            elif not serve(connections[fd], work, size) or events & ended:
                connections.pop(fd).close()


def run_datagrams():
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind(("0.0.0.0", 0))
    say({"port": own.getsockname()[1]})
    while True:
        data, sender = own.recvfrom(2048)
        own.sendto(data, sender)


# asyncio and uvloop: transports and protocols.


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Conversation(Echo):
    def data_received(self, data):
        self.transport.write(data)
        self.transport.close()


class OneWay(Echo):
    def data_received(self, data):
        pass


class BufferedEcho(asyncio.BufferedProtocol):
    """asyncio receives into this buffer; for Echo it would allocate 256 KiB each time."""

    buffer = bytearray(CHUNK)  # one for all: it is empty again when the next connection receives
    view = memoryview(buffer)

    def connection_made(self, transport):
        self.transport = transport

    def get_buffer(self, _):
        return self.buffer

    def buffer_updated(self, length):
        self.transport.write(bytes(self.view[:length]))


class BufferedConversation(BufferedEcho):
    def buffer_updated(self, length):
        self.transport.write(bytes(self.view[:length]))
        self.transport.close()


class BufferedOneWay(BufferedEcho):
    def buffer_updated(self, length):
        pass


class ToClient(Echo):
    def connection_made(self, transport):
        self.transport = transport
        self.resumed = asyncio.Event()
        self.resumed.set()
        self.task = asyncio.ensure_future(self.send_blocks())

    async def send_blocks(self):
        while not self.transport.is_closing():
            self.transport.write(BLOCK)
            await self.resumed.wait()

    def pause_writing(self):
        self.resumed.clear()

    def resume_writing(self):
        self.resumed.set()

    def data_received(self, data):
        pass


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(data, address)


PROTOCOLS = {"echo": Echo, "conversation": Conversation, "one-way": OneWay, "to-client": ToClient}
BUFFERED = {"echo": BufferedEcho, "conversation": BufferedConversation, "one-way": BufferedOneWay, "to-client": ToClient}


async def run_protocol(work, protocols):
    loop = asyncio.get_running_loop()
    if work == "datagrams":
        transport, _ = await loop.create_datagram_endpoint(Datagrams, ("0.0.0.0", 0))
        say({"port": transport.get_extra_info("sockname")[1]})
    else:
        server = await loop.create_server(protocols[work], "0.0.0.0", 0, backlog=BACKLOG)
        say({"port": server.sockets[0].getsockname()[1]})
    await loop.create_future()


# asyncio: streams.


async def serve_stream(work, reader, writer):
    try:
        while work == "to-client":
            writer.write(BLOCK)
            await writer.drain()
        while data := await reader.read(CHUNK):
            if work == "one-way":
                continue
            writer.write(data)
            await writer.drain()
            if work == "conversation":
                break
    except ConnectionError:
        pass  # the client resets its connections
    writer.close()


async def run_streams(work):
    server = await asyncio.start_server(
        lambda reader, writer: serve_stream(work, reader, writer), "0.0.0.0", 0, backlog=BACKLOG
    )
    say({"port": server.sockets[0].getsockname()[1]})
    await asyncio.get_running_loop().create_future()


def main(flavour, work):
    signal.signal(signal.SIGUSR2, collect)  # idle memory is measured after it
    if flavour == "epoll":
        run_datagrams() if work == "datagrams" else run_epoll(work)
    elif flavour == "protocol":
        asyncio.run(run_protocol(work, BUFFERED))
    elif flavour == "streams":
        asyncio.run(run_streams(work))
    elif flavour == "uvloop":
        import uvloop

        uvloop.install()
        asyncio.run(run_protocol(work, PROTOCOLS))


if __name__ == "__main__":
    main(*sys.argv[1:])
