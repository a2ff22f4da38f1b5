"""Times and durations as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.notices.wording.speech import Speech
from chalicelib.notices.wording.speech.moments import length, stamp, when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 22, 45, tzinfo=UTC)  # 23:45 on a Friday in Berlin


def spoken(now: datetime = NOW, zone: ZoneInfo = BERLIN, language: str = "en") -> Speech:
    return Speech(language=language, zone=zone, now=now)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=30), "1 day"),
        (timedelta(days=3, hours=1), "3 days 1 hour"),
        (timedelta(days=12, hours=5), "12 days"),
    ],
)
def test_durations_have_their_two_largest_units(duration: timedelta, said: str) -> None:
    assert length(spoken(), duration) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(), "today at 23:45"),
        (timedelta(minutes=15), "tomorrow at 00:00"),
        (-timedelta(days=1), "yesterday at 23:45"),
        (timedelta(days=2), "on Sunday at 23:45"),
        (-timedelta(days=6), "on Saturday at 23:45"),
        (timedelta(days=7), "on 27 November at 23:45"),
        (timedelta(days=60), "on 19 January 2027 at 23:45"),
    ],
)
def test_days_are_those_of_the_site(away: timedelta, said: str) -> None:
    assert when(spoken(), NOW + away) == said


def test_midnight_there_is_not_midnight_in_utc() -> None:
    assert when(spoken(NOW + timedelta(minutes=30)), NOW) == "yesterday at 23:45"
    assert when(spoken(NOW + timedelta(minutes=30), ZoneInfo("UTC")), NOW) == "today at 22:45"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert stamp(spoken(), first) == "Sun 25 October 2026, 02:30 CEST"
    assert stamp(spoken(), first + timedelta(hours=1)) == "Sun 25 October 2026, 02:30 CET"


@pytest.mark.parametrize(
    ("language", "near", "weekday", "far"),
    [
        (
            "de",
            "heute um 23:45 Uhr",
            "am Sonntag um 23:45 Uhr",
            "am 19. Januar 2027 um 23:45 Uhr",
        ),
        ("es", "hoy a las 23:45", "el domingo a las 23:45", "el 19 de enero de 2027 a las 23:45"),
        ("fr", "aujourd’hui à 23:45", "dimanche à 23:45", "le 19 janvier 2027 à 23:45"),
        ("pl", "dziś o 23:45", "w niedzielę o 23:45", "19 stycznia 2027 o 23:45"),
    ],
)
def test_times_are_told_as_people_of_that_language_tell_them(language: str, near: str, weekday: str, far: str) -> None:
    speech = spoken(language=language)
    told = [when(speech, NOW + timedelta(days=days)) for days in (0, 2, 60)]
    assert told == [near, weekday, far]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "2 Stunden 5 Minuten"),
        ("es", "2 horas 5 minutos"),
        ("fr", "2 heures 5 minutes"),
        ("pl", "2 godziny 5 minut"),
    ],
)
def test_durations_are_counted_as_that_language_counts(language: str, said: str) -> None:
    assert length(spoken(language=language), timedelta(hours=2, minutes=5)) == said
