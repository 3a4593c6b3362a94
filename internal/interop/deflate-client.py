"""Python's websockets against examples/echo -deflate, whose page is at the URL in the first argument."""

import asyncio
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from messages import message

URL = sys.argv[1].replace("http", "ws", 1) + "s"


async def exchange(ws, count):
    """Send so many messages, some at a time, and compare what comes back."""
    for first in range(0, count, 20):
        due = [message(i) for i in range(first, min(first + 20, count))]
        for want in due:
            await ws.send(want)
        for want in due:
            got = await ws.recv()
            assert got == want, f"{type(want)} of {len(want)} came back as {type(got)} of {len(got)}, or with other content"


async def talk(count, agreed="", **offer):
    factory = ClientPerMessageDeflateFactory(**offer)
    async with websockets.connect(URL, compression=None, extensions=[factory], max_size=None) as ws:
        got = ws.response_headers["Sec-WebSocket-Extensions"]
        assert got == "permessage-deflate" + agreed, got
        await exchange(ws, count)


async def main():
    await talk(300, client_max_window_bits=True)
    await talk(300, "; server_no_context_takeover", server_no_context_takeover=True)
    await talk(300, "; client_no_context_takeover", client_no_context_takeover=True)
    await talk(300, "; server_no_context_takeover; client_no_context_takeover",
               server_no_context_takeover=True, client_no_context_takeover=True)
    for bits in range(9, 16):
        agreed = f"; server_max_window_bits={bits}" + (f"; client_max_window_bits={bits}" if bits < 15 else "")
        await talk(300, agreed, server_max_window_bits=bits, client_max_window_bits=bits)


asyncio.run(main())
