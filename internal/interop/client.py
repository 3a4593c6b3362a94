"""Python's websockets against examples/echo, whose page is at the URL in the first argument."""

import asyncio
import sys

import websockets
from websockets.frames import Opcode

URL = sys.argv[1].replace("http", "ws", 1) + "s"
SESSIONS = "-sessions" in sys.argv  # messages come back whole, and a Close frame without its reason


class Protocol(websockets.WebSocketClientProtocol):
    """Remembers the frames that arrive, and of pings, for which the server picks the time, only that there was one."""

    async def read_frame(self, max_size):
        frame = await super().read_frame(max_size)
        if frame.opcode is Opcode.PING:
            self.pinged.set()
        else:
            self.arrived.append((frame.fin, frame.opcode, frame.data))
        return frame


async def connect():
    ws = await websockets.connect(
        URL, create_protocol=Protocol, subprotocols=["chat", "echo"], ping_interval=None, open_timeout=60, close_timeout=60
    )
    ws.arrived, ws.pinged = [], asyncio.Event()
    expect(ws.subprotocol, "echo")
    return ws


def expect(got, want):
    assert got == want, f"got {got!r:.200}, want {want!r:.200}"


async def main():
    ws = await connect()
    for size in 0, 1, 125, 126, 65535:
        for payload in "x" * size, b"\xff" * size:
            await ws.send(payload)
            expect(await ws.recv(), payload)
    await ws.send("Grüße, 世界 🙂")
    expect(await ws.recv(), "Grüße, 世界 🙂")

    # Fragments come back as they were sent; websockets ends a message with an empty one.
    ws.arrived.clear()
    await ws.send(["Hel", "lo"])
    expect(await ws.recv(), "Hello")
    fragments = [(False, Opcode.TEXT, b"Hel"), (False, Opcode.CONT, b"lo"), (True, Opcode.CONT, b"")]
    expect(ws.arrived, [(True, Opcode.TEXT, b"Hello")] if SESSIONS else fragments)

    ws.arrived.clear()
    await asyncio.wait_for(await ws.ping("Grüße"), 60)  # until a pong with this payload
    expect(ws.arrived, [(True, Opcode.PONG, "Grüße".encode())])

    await ws.close(4001, "auf Wiedersehen, tschüß")
    expect((ws.close_code, ws.close_reason), (4001, "" if SESSIONS else "auf Wiedersehen, tschüß"))

    ws = await connect()
    await ws.send("x" * 65536)
    await ws.wait_closed()
    expect(ws.close_code, 1009)

    ws = await connect()
    await asyncio.wait_for(ws.pinged.wait(), 60)  # after the server's idle timeout
    print("waiting", flush=True)
    await ws.wait_closed()
    expect((ws.close_code, ws.close_reason), (1001, ""))


asyncio.run(main())
