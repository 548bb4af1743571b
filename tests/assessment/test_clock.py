"""The clock: a demonstration may tell of another moment, here and for a while."""

from datetime import UTC, datetime, timedelta

from assessment import clock


def test_a_moment_that_is_told_of_ends_with_its_telling() -> None:
    then = datetime(2026, 5, 4, 12, tzinfo=UTC)
    with clock.telling(then):
        assert clock.now() == then
        with clock.telling(then + timedelta(days=1)):
            assert clock.now() == then + timedelta(days=1)
        assert clock.now() == then
    assert clock.now() > then
