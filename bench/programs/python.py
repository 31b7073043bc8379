"""Python's socket module: `python3 python.py CASE WARM_MS MEASURE_MS`."""
import json
import resource
import socket
import sys
import time

MESSAGE_BYTES = 40
SMALL_BYTES = 64
STREAM_BURST = 64
DATAGRAM_BURST = 32
SOL_UDP, UDP_SEGMENT = 17, 103  # Linux's; socket has no names for them


def listen_and_tell():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", 0))
    listener.listen(128)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    return listener


def getsockopt():
    call, level, option = socket.socket().getsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR

    def body(count):
        for _ in range(count):
            call(level, option)

    return body


def pair():
    sender, receiver = socket.socketpair()
    byte = bytearray(1)

    def body(count):
        for _ in range(count):
            sender.send(byte)
            receiver.recv_into(byte)

    return body


def recv():
    sender, receiver = socket.socketpair()
    load = bytes(STREAM_BURST * SMALL_BYTES)
    message = bytearray(SMALL_BYTES)

    def body(count):
        for _ in range(0, count, STREAM_BURST):
            sender.send(load)
            for _ in range(STREAM_BURST):
                receiver.recv_into(message)

    return body


def sendmsg():
    sender, receiver = socket.socketpair()
    load = bytearray(STREAM_BURST * SMALL_BYTES)
    buffers = [bytes(SMALL_BYTES // 2), bytes(SMALL_BYTES // 2)]

    def body(count):
        for _ in range(0, count, STREAM_BURST):
            for _ in range(STREAM_BURST):
                sender.sendmsg(buffers)
            receiver.recv_into(load, 0, socket.MSG_WAITALL)

    return body


def recvfrom():
    sender, receiver = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    receiver.bind(("127.0.0.1", 0))
    sender.connect(receiver.getsockname())
    sender.setsockopt(SOL_UDP, UDP_SEGMENT, SMALL_BYTES)
    load = bytes(DATAGRAM_BURST * SMALL_BYTES)
    message = bytearray(SMALL_BYTES)

    def body(count):
        for _ in range(0, count, DATAGRAM_BURST):
            sender.send(load)
            for _ in range(DATAGRAM_BURST):
                receiver.recvfrom_into(message)

    return body


def ping_pong():
    listener = listen_and_tell()
    connection, _ = listener.accept()
    message = bytearray(MESSAGE_BYTES)

    def body(count):
        for _ in range(count):
            connection.recv_into(message)
            connection.send(message)

    return body


def conversation():
    listener = listen_and_tell()
    message = bytearray(MESSAGE_BYTES)

    def body(count):
        for _ in range(count):
            connection, _ = listener.accept()
            connection.recv_into(message)
            connection.send(message)
            connection.close()

    return body


CASES = {
    "getsockopt": getsockopt,
    "pair": pair,
    "recv": recv,
    "sendmsg": sendmsg,
    "recvfrom": recvfrom,
    "ping-pong": ping_pong,
    "conversation": conversation,
}


def cpu_ns():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round((used.ru_utime + used.ru_stime) * 1e9)


def measure(body, warm_ms, measure_ms):
    warm_until = time.monotonic_ns() + warm_ms * 1_000_000
    chunk = 1
    while time.monotonic_ns() < warm_until:
        started = time.monotonic_ns()
        body(chunk)
        if time.monotonic_ns() - started < 2_000_000:
            chunk *= 2
    print('{"ready":true}', flush=True)
    while sys.stdin.buffer.raw.read(1):
        cpu, wall = cpu_ns(), time.monotonic_ns()
        until = wall + measure_ms * 1_000_000
        ops = 0
        while time.monotonic_ns() < until:
            body(chunk)
            ops += chunk
        measured = {"ops": ops, "wallNs": time.monotonic_ns() - wall, "cpuNs": cpu_ns() - cpu}
        print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    name, warm_ms, measure_ms = sys.argv[1:]
    measure(CASES[name](), int(warm_ms), int(measure_ms))
