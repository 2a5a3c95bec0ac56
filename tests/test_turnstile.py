"""The queue: everyone in turn, and seen by how many are before."""

import threading
import time

import pytest

from chat.turnstile import Busy, Turnstile


def test_everyone_sees_how_many_are_before():
    turnstile = Turnstile(places=1, waiting=2, every=0)
    first, second, third = turnstile.enter(), turnstile.enter(), turnstile.enter()
    with pytest.raises(Busy):
        turnstile.enter()
    assert list(turnstile.wait(first)) == [] and turnstile.crowded
    waiting = turnstile.wait(third)
    assert next(waiting) == 2
    turnstile.leave(first)
    assert next(waiting) == 1
    turnstile.leave(second)
    assert list(waiting) == [] and not turnstile.crowded
    assert not turnstile.close(0.01)
    turnstile.leave(third)
    assert turnstile.close(0.01)
    with pytest.raises(Busy):
        turnstile.enter()


def test_a_line_that_moves_fast_is_not_told_of():
    turnstile = Turnstile(places=1, every=60)
    first, second = turnstile.enter(), turnstile.enter()
    threading.Timer(0.05, turnstile.leave, [first]).start()
    assert list(turnstile.wait(second)) == []


def test_many_at_once_are_all_answered():
    turnstile, most, now, lock = Turnstile(places=2), 0, 0, threading.Lock()

    def pass_through():
        nonlocal most, now
        ticket = turnstile.enter()
        for _ in turnstile.wait(ticket):
            pass
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1
        turnstile.leave(ticket)

    threads = [threading.Thread(target=pass_through) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert now == 0 and most <= 2
