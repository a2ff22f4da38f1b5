"""The kinds of hardware that settings may name; `kind` says which. What each is wired to is said per door."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from edge.badges import ReaderProfile

Port = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=255,
        description="the serial port; a name that survives replugging",
        examples=["/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"],
    ),
]
Baud = Annotated[int, Meta(ge=1_200, le=921_600, description="bits a second, as the board is set", examples=[9600])]
PollMs = Annotated[
    int, Meta(ge=50, le=2_000, description="how often its inputs are read, in milliseconds", examples=[200])
]


class Parity(StrEnum):
    """Parity of a serial line."""

    NONE = "none"
    EVEN = "even"
    ODD = "odd"


class TimedBy(StrEnum):
    """Who ends a relay's pulse."""

    BOARD = "board"
    CONTROLLER = "controller"


class Device(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Any device of the cabinet."""


class LockBoard(Device, frozen=True, kw_only=True, tag="lock_board"):
    """RS-485 lock boards that speak 8A/80 frames with an XOR checksum, all on one line."""

    port: Port
    baud: Baud = 9_600
    poll_ms: PollMs = 200
    bolt_feedback: Annotated[
        bool,
        Meta(
            description="true where the feedback wire follows the bolt and not the door, so that an unlocking it "
            "does not confirm is a jam",
            examples=[False],
        ),
    ] = False


class Modbus(Device, frozen=True, kw_only=True):
    """Relay and input boards that speak Modbus."""

    poll_ms: PollMs = 200
    pulse_ms: Annotated[
        int, Meta(ge=100, le=3_000, description="how long a lock's relay is on, in milliseconds", examples=[500])
    ] = 500
    timed_by: Annotated[
        TimedBy,
        Meta(
            description="who ends a pulse: board (Waveshare's flash command: a relay cannot stay on) or controller",
            examples=["board"],
        ),
    ] = TimedBy.CONTROLLER


class ModbusRtu(Modbus, frozen=True, kw_only=True, tag="modbus_rtu"):
    """Modbus boards on a serial line."""

    port: Port
    baud: Baud = 9_600
    parity: Annotated[Parity, Meta(description="none, even or odd, as the boards are set", examples=["none"])] = (
        Parity.NONE
    )


class ModbusTcp(Modbus, frozen=True, kw_only=True, tag="modbus_tcp"):
    """Modbus boards behind a network plug. Keep that network to the cabinet: Modbus knows no password."""

    host: Annotated[str, Meta(min_length=1, max_length=253, description="its address", examples=["192.168.7.2"])]
    tcp_port: Annotated[int, Meta(ge=1, le=65_535, description="its TCP port", examples=[502])] = 502


class KeyboardReader(Device, frozen=True, kw_only=True, tag="keyboard_reader"):
    """A USB badge reader that types the card's number like a keyboard."""

    input: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=255,
            description="the reader's event device; a name that survives replugging",
            examples=["/dev/input/by-id/usb-Sycreader_RFID_Technology_Co.__Ltd-event-kbd"],
        ),
    ]
    profile: Annotated[
        ReaderProfile,
        Meta(
            description="how it presents a card: hex_msb, hex_lsb, wiegand26, wiegand34 or wiegand37",
            examples=["hex_msb"],
        ),
    ]
    base: Annotated[
        Literal[10, 16],
        Meta(description="what it types: 16 for hex digits, 10 for a decimal number", examples=[16]),
    ] = 16
    digits_bytes: Annotated[
        Literal[4, 7, 10],
        Meta(
            description="how many bytes a decimal number stands for, with base = 10 and a hex profile: 4, 7 or 10",
            examples=[4],
        ),
    ] = 4
    gap_ms: Annotated[
        int,
        Meta(ge=50, le=2_000, description="a pause between keys after which a number is given up", examples=[300]),
    ] = 300


class UhfModule(Device, frozen=True, kw_only=True, tag="uhf_module"):
    """A serial UHF module (M100, QM100, R200) with its antenna behind one door."""

    port: Port
    baud: Baud = 115_200
    rounds: Annotated[
        int, Meta(ge=1, le=20, description="how often it polls for one inventory; tags add up", examples=[5])
    ] = 5


AnyDevice = LockBoard | ModbusRtu | ModbusTcp | KeyboardReader | UhfModule
