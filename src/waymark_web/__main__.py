"""Serve the site on this machine: ``python -m waymark_web --port 8018``."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from gunicorn.app.base import BaseApplication

from waymark_web.commands import set_up
from waymark_web.preparing import prepare


class Site(BaseApplication):
    """The site under gunicorn, warmed before it says where it is."""

    def __init__(self, port: int, page: str) -> None:
        self.port = port
        self.page = page
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("workers", int(os.environ.get("WAYMARK_WORKERS", "1")))
        self.cfg.set("threads", 4)
        self.cfg.set("timeout", 120)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("when_ready", self._say_where)

    def load(self) -> object:
        from waymark_web.wsgi import application

        return application

    def _say_where(self, _server: object) -> None:
        address = f"http://localhost:{self.port}{self.page}"
        print(f"Waymark is at {address}  (stop it with Ctrl-C)", flush=True)


def main() -> None:
    """Read the arguments and serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m waymark_web", description=__doc__)
    parser.add_argument("--port", type=int, default=8018)
    parser.add_argument("--page", default="/")
    arguments = parser.parse_args()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(("127.0.0.1", arguments.port)) == 0:
            sys.exit(f"Port {arguments.port} is taken. Choose another: --port {arguments.port + 1}")
    set_up()
    prepare()
    Site(arguments.port, arguments.page).run()


if __name__ == "__main__":
    main()
