"""Forty people with badges of three kinds: UIDs of 4 and of 7 bytes, and 26-bit Wiegand."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

# name, site, group, manager, language, badge: hex of the card's bytes, or facility/card of a 26-bit Wiegand fob
STAFF = """
Anna Brandt          hq    engineering       -                de  045E1A72C41190
Petra Vogel          hq    facilities        anna.brandt      de  9C3B21F4
Tomasz Zieliński     hq    facilities        petra.vogel      pl  112/40718
Lena Hoffmann        hq    engineering       anna.brandt      de  04A2246B1F9080
Mehmet Kaya          hq    engineering       anna.brandt      de  04B71C9A236E80
Sofia Rossi          hq    engineering       anna.brandt      it  7D10E5A2
Jonas Weber          hq    engineering       anna.brandt      de  0431F2885C7D80
Aisha Rahman         hq    engineering       anna.brandt      en  04C9D0376A2B80
Viktor Novák         hq    engineering       anna.brandt      cs  5AE80C17
Clara Lindqvist      hq    engineering       anna.brandt      sv  0418BB64E19F80
Daniel Okafor        hq    engineering       anna.brandt      en  112/40719
Marie Dubois         hq    engineering       anna.brandt      fr  04F06D1382A580
Paul Schneider       hq    engineering       anna.brandt      de  E1447B90
Yuki Tanaka          hq    engineering       anna.brandt      ja  0427A95BD07C80
Felix Baumann        hq    facilities        petra.vogel      de  112/40720
Hanna Krüger         hq    facilities        petra.vogel      de  04D35E81F76A80
Ivan Petrov          hq    facilities        petra.vogel      en  3F92D86B
Murat Demir          hq    facilities        petra.vogel      de  112/40721
Sabine Fuchs         hq    facilities        petra.vogel      de  0462C719AB3580
Oskar Nowak          hq    facilities        petra.vogel      pl  B80D5F23
Katrin Schäfer       hq    office            anna.brandt      de  04E4802D6F1B80
Robert Klein         hq    office            anna.brandt      de  112/40722
Elif Yıldız          hq    office            anna.brandt      de  0459DA73C20E80
Martin Hartmann      hq    office            anna.brandt      de  C6A13E74
Laura Bianchi        hq    office            anna.brandt      it  043C17F5B98480
Denise Walker        dock  dock-maintenance  anna.brandt      en  04918E26D35F80
Marcus Johnson       dock  dock-maintenance  denise.walker    en  58/12031
Carlos Ramirez       dock  dock-maintenance  denise.walker    es  0476B3E40C9D80
Emily Chen           dock  dock-maintenance  denise.walker    en  2B7FD1E8
Jamal Washington     dock  warehouse         denise.walker    en  04A87D5213FE80
Maria Hernandez      dock  warehouse         denise.walker    es  58/12032
Kevin O'Brien        dock  warehouse         denise.walker    en  04DB426F9E7180
Aaliyah Thompson     dock  warehouse         denise.walker    en  8E54A3C9
Luis Garcia          dock  warehouse         denise.walker    es  0423F8C06D5A80
Priya Patel          dock  warehouse         denise.walker    en  58/12033
Tyler Anderson       dock  warehouse         denise.walker    en  046D9B31E7C480
Natalia Kowalczyk    dock  warehouse         denise.walker    pl  F70C628D
Andre Williams       dock  warehouse         denise.walker    en  04B1E57A489280
Grace Kim            dock  warehouse         denise.walker    en  58/12034
Samuel Nguyen        dock  warehouse         denise.walker    en  0485C2D9F31680
"""

PLAIN = str.maketrans({"ı": "i", "ł": "l", "ß": "ss", "'": ""})  # what Unicode does not take apart

# role → who that is, and a supervisor's sites
USERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "admin": ("anna.brandt", ()),
    "supervisor": ("petra.vogel", ("hq",)),
    "auditor": ("robert.klein", ()),
    "self": ("lena.hoffmann", ()),
}


def _id(name: str) -> str:
    """Return `first.last` in plain letters."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(PLAIN)).encode("ascii", "ignore").decode()
    return letters.replace(" ", ".")


def uid(badge: str) -> str:
    """Return a badge's canonical UID: what a reader at a bank makes of it."""
    if "/" not in badge:
        return badge
    facility, card = map(int, badge.split("/"))
    return f"{facility << 16 | card:06X}"


def number(badge: str) -> dict[str, str]:
    """Return a badge as the API takes it; of a Wiegand fob the 26 bits that its reader sends."""
    if "/" not in badge:
        return {"number": badge, "format": "hex"}
    data = f"{int(uid(badge), 16):024b}"
    even, odd = data[:12].count("1") % 2, 1 - data[12:].count("1") % 2
    return {"number": f"{even}{data}{odd}", "format": "wiegand26"}


def _people() -> Iterator[tuple[dict[str, Any], str]]:
    for line in STAFF.strip().splitlines():
        name, site, group, manager, language, badge = re.split(r"  +", line)
        id_ = _id(name)
        yield (
            {
                "id": id_,
                "name": name,
                "email": f"{id_}@acme.example",
                "groups": [group],
                "manager": None if manager == "-" else manager,
                "site": site,
                "language": language,
                "slack_id": "U07" + id_.replace(".", "").upper(),
            },
            badge,
        )


PEOPLE: tuple[tuple[dict[str, Any], str], ...] = tuple(_people())
"""Each person with what is printed on their badge."""
