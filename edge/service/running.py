"""One bank from its settings: cabinet, journal, link and controller, kept together and ended together.

A device that fails is begun again while its doors are faulty; a screen that fails leaves the reader working; a
certificate that is not renewed, or an update that fails, is logged; a lost connection is normal; a journal that fails
ends the process, because nothing may open without it. The page is up first and down last: out of service is said for
as long as there is somebody to say it.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from typing import Any, Final

from edge.bank import Bank
from edge.clock import system_clock
from edge.config import BankConfig
from edge.controller import Controller
from edge.drivers.cabinet import CabinetDriver
from edge.drivers.making import cabinet_of
from edge.journal import Journal
from edge.link import Link
from edge.service import pulse
from edge.service.certificate import Certificate
from edge.service.screen import Screen
from edge.service.systemd import Notifier
from edge.service.updating import Updating
from edge.services import Services
from edge.settings.schema import BankFile

log = logging.getLogger(__name__)
BOOT_S: Final = 10.0  # for devices to answer before the bank boots without them
STOP_S: Final = 15.0  # a connection says goodbye for 10 s at most
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

Beside = Callable[
    [Controller, Bank, BankFile], Coroutine[Any, Any, None]
]  # what else serves in this process, such as a page


async def serve(file: BankFile, config: BankConfig, *, beside: Sequence[Beside] = ()) -> None:
    """Serve until a signal comes. Raises JournalError, or the group of what ended it."""
    notifier = Notifier.of_environment()
    stopped = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    serving = asyncio.create_task(_serve(file, config, notifier, beside, end=stopped.set))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    notifier.tell(stopping=1)
    stopping.cancel()
    while not serving.done():  # a cancellation may be swallowed on its way (see edge.link)
        serving.cancel()
        await asyncio.wait([serving], timeout=STOP_S)
    if not serving.cancelled():
        serving.result()


async def _serve(
    file: BankFile, config: BankConfig, notifier: Notifier, beside: Sequence[Beside], *, end: Callable[[], None]
) -> None:
    screen = Screen.of(config, file.kiosk)
    page = asyncio.create_task(screen.serve(), name="kiosk")
    try:
        await _work(file, config, notifier, beside, screen, end)
    finally:
        screen.detach()
        page.cancel()
        await asyncio.wait([page])


async def _work(
    file: BankFile,
    config: BankConfig,
    notifier: Notifier,
    beside: Sequence[Beside],
    screen: Screen,
    end: Callable[[], None],
) -> None:
    certificate, updating = Certificate.of(file), Updating(file.updates, config.thing)
    config = updating.named(config)
    with closing(Journal.open(config.journal)) as journal:
        cabinet = cabinet_of(file)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(cabinet.run(), name="cabinet")
            await _boot_wait(cabinet)
            bank = Bank(config, journal, started=system_clock())
            services = Services([*certificate.topics, *updating.topics], news=updating.heard, ready=updating.news)
            link = Link(config, aside=services)
            services.speak_through(link.publish_aside)
            controller = Controller(bank, cabinet, link, system_clock, screen.observe, kiosk=screen)
            screen.attach(bank, controller)
            tasks.create_task(controller.run(), name="controller")
            tasks.create_task(pulse.feed(bank, system_clock, notifier), name="watchdog")
            tasks.create_task(certificate.keep(bank, services.ask, system_clock), name="certificate")
            updates = updating.keep(bank, services.ask, system_clock, devices=cabinet.answering, restart=end)
            tasks.create_task(updates, name="updates")
            for each in beside:
                tasks.create_task(each(controller, bank, file), name=getattr(each, "__qualname__", "beside"))
            log.info("%s serves, %s", config.thing, config.firmware)
            notifier.tell(ready=1, status=pulse.described(bank))


async def _boot_wait(cabinet: CabinetDriver) -> None:
    for name in await cabinet.ready(BOOT_S):
        log.error("%s does not answer: its doors are faulty until it does", name)
