"""How long each step of an answer took."""

import time


class Clock:
    """Started when made; `lap` names the step that has just ended."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: list[tuple[str, float]] = []

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap under `name`."""
        now = time.perf_counter()
        self._laps.append((name, round(now - self._last, 4)))
        self._last = now

    def seconds(self) -> tuple[tuple[str, float], ...]:
        """Return (step, seconds) in order, then ("total", seconds)."""
        return (*self._laps, ("total", round(time.perf_counter() - self._start, 4)))
