"""Holds event streams open and tells how they are served: bench_streams.py URL STREAMS STUCK SERVER_PID SECONDS"""

import asyncio
import json
import os
import statistics
import sys
import time
from urllib.parse import quote, urlsplit
from urllib.request import urlopen


async def follow(host, port, path, arrivals):
    """Reads a stream; notes when events come."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    try:
        status = await reader.readline()
        assert b" 200 " in status, status
        while line := await reader.readline():
            if line.startswith(b"data: "):
                arrivals.append(time.monotonic())
    finally:
        writer.close()


async def open_stuck(host, port, path):
    """Opens a stream and never reads it."""
    reader, writer = await asyncio.open_connection(host, port, limit=1)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await writer.drain()
    writer.transport.pause_reading()
    return writer


async def ask(host, port, times):
    """Times a request now and then, as somebody beside the streams."""
    while True:
        start = time.monotonic()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        times.append(time.monotonic() - start)
        await asyncio.sleep(0.02)


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def thread_seconds(pid):
    """CPU of each thread, by its name and number."""
    seconds = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        name, fields = open(f"/proc/{pid}/task/{task}/stat").read().split("(", 1)[1].rsplit(")", 1)
        fields = fields.split()
        seconds[f"{name}-{task}"] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


async def main(url, streams, stuck, pid, seconds):
    host, port = urlsplit(url).hostname, urlsplit(url).port
    partners = json.load(urlopen(f"{url}/api/v1/partners"))["partners"]
    paths = [f"/api/v1/partners/{quote(partner)}/events" for partner in partners]
    arrivals, times = [[] for _ in range(streams)], []
    tasks = [asyncio.create_task(follow(host, port, paths[number % len(paths)], arrivals[number]))
             for number in range(streams)]
    held = [await open_stuck(host, port, paths[number % len(paths)]) for number in range(stuck)]
    while not all(arrivals):
        failed = [task for task in tasks if task.done()]
        if failed:
            sys.exit(f"{len(failed)} streams were not served: {failed[0].exception()}")
        await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(ask(host, port, times)))
    before, cpu, threads = sum(map(len, arrivals)), cpu_seconds(pid), thread_seconds(pid)
    await asyncio.sleep(seconds)
    cpu = (cpu_seconds(pid) - cpu) / seconds
    events = (sum(map(len, arrivals)) - before) / seconds
    rss = int(open(f"/proc/{pid}/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    quantiles = [1000 * each for each in statistics.quantiles(times, n=100)]
    print(f"{events:.0f} events a second on {streams} streams, {cpu:.2f} cores, {rss} MiB; "
          f"another request takes {quantiles[49]:.1f} ms (median), {quantiles[98]:.1f} ms (99 %)")
    after = thread_seconds(pid)
    busy = sorted(((after[name] - threads.get(name, 0)) / seconds, name.rsplit("-", 1)[0]) for name in after)[::-1][:5]
    print("busiest threads, in cores: " + ", ".join(f"{name} {share:.2f}" for share, name in busy))
    assert len(held) == stuck
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
