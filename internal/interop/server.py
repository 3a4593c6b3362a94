"""Python's websockets as a server: it prints its URL, sends back what it is told, and closes as it is told."""

import asyncio

import websockets


async def serve(ws):
    assert ws.request_headers["Origin"] == "http://example.com"
    try:
        async for message in ws:
            command, _, rest = message.partition(" ") if isinstance(message, str) else ("", "", "")
            if command == "close":
                code, _, reason = rest.partition(" ")
                await ws.close(int(code), reason)
            elif command == "ping":
                await (await ws.ping(rest))  # until a pong with this payload
                await ws.send("pong " + rest)
            else:
                await ws.send(message)
    except websockets.ConnectionClosed:  # with another code than 1000
        pass
    finally:
        print("closed", ws.close_code, ws.close_reason, flush=True)


async def main():
    async with websockets.serve(
        serve, "127.0.0.1", 0, subprotocols=["echo"], max_size=None, ping_interval=None
    ) as server:
        print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await asyncio.Future()


asyncio.run(main())
