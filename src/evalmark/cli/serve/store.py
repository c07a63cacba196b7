"""`evalmark serve --store FILE` without the bot: API and dashboard, for anybody to read."""

import argparse
import gc
import sys
from typing import Final

from starlette.types import ASGIApp

from evalmark.adapters.duck import DuckRecords
from evalmark.cli.serve.http import listening, server
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode
from evalmark.web.logs import configure, logger, secrets_in
from evalmark.web.metrics import Metrics
from evalmark.web.reading import beside, reader, reading

MEGABYTE: Final = 1 << 20
# A board's ranks are tens of thousands of small objects at once, none of them in a cycle: looking for cycles as often
# as usual takes a third of the time of ranking.
COLLECT: Final = (100_000, 20, 50)


def run(args: argparse.Namespace) -> ExitCode:
    """Serve until SIGTERM or Ctrl-C. Raises what `DuckRecords` raises if there is no such store."""
    configure(secrets_in(read_settings().environment, ()), args.log_format)
    log = logger("serve")
    records = DuckRecords(args.store, threads=1)
    app = reader(records, Metrics(), args.cache * MEGABYTE)
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.set_threshold(*COLLECT)
    with listening(args.host, args.port) as listener:
        host, port = listener.getsockname()[:2]
        try:
            log.info("serving", host=host, port=port, store=str(args.store))
            server(app).run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            records.close()
            log.info("stopped")
    return ExitCode.FINE


def beside_bot(bot: ASGIApp, args: argparse.Namespace, metrics: Metrics) -> ASGIApp:
    """The same beside the bot: its own addresses stay."""
    return beside(bot, reading(DuckRecords(args.store, threads=1), metrics, args.cache * MEGABYTE))
