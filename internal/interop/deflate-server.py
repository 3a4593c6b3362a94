"""Python's websockets as a server that compresses: it prints the URL of one that agrees to what is offered, and of one
that wants more, and sends back what it is sent."""

import asyncio

import websockets
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

BITS = 10


async def echo(ws):
    async for message in ws:
        await ws.send(message)


async def main():
    for factory in (
        ServerPerMessageDeflateFactory(),
        ServerPerMessageDeflateFactory(
            server_no_context_takeover=True,
            client_no_context_takeover=True,
            server_max_window_bits=BITS,
            client_max_window_bits=BITS,
        ),
    ):
        server = await websockets.serve(echo, "127.0.0.1", 0, compression=None, extensions=[factory], max_size=None)
        print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await asyncio.Future()


asyncio.run(main())
