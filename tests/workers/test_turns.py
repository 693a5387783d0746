"""No subscriber has all threads to itself, and one that hangs is left alone for a while."""

from workers.turns import AT_ONCE, BUSY_SECONDS, Turns


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_works() -> None:
    turns = Turns()
    assert [turns.begin("slow") for _ in range(AT_ONCE + 1)] == [0.0] * AT_ONCE + [BUSY_SECONDS]
    assert turns.begin("other") == 0.0
    turns.end("slow")
    assert turns.begin("slow") == 0.0


def test_it_lets_rest_who_did_not_answer() -> None:
    clock = Clock()
    turns = Turns(clock)
    turns.begin("dead")
    turns.end("dead", rest=15.0)
    clock.now += 5
    assert turns.begin("dead") == 10.0
    assert turns.begin("other") == 0.0
    clock.now += 10
    assert turns.begin("dead") == 0.0
