from rtvc.faults import FaultBook


def test_outage_is_counted_once_by_its_cause_however_many_signs_there_are() -> None:
    book = FaultBook()

    book.note("output", "ended", "the output ended", 0.0)
    book.note("output", "gone", "the output is gone", 0.1)
    book.tick(1.0)
    book.note("output", "silent", "the output is silent", 1.5)
    book.tick(2.0)
    book.mend("output", 3.0)

    assert dict(book.counts) == {"output gone": 1}
    assert book.recoveries == 1


def test_cause_found_late_replaces_the_sign_that_was_counted() -> None:
    book = FaultBook()

    book.note("output", "silent", "the output is silent", 0.0)
    book.tick(1.0)
    book.note("output", "server", "the server is gone", 1.1)
    book.mend("output", 2.0)

    assert dict(+book.counts) == {"sound server gone": 1}


def test_server_that_takes_all_streams_with_it_is_one_fault_and_one_recovery() -> None:
    book = FaultBook()

    for part in ("microphone", "output"):
        book.note(part, "server", "the server is gone", 0.0)
    book.mend("microphone", 0.2)
    book.mend("output", 0.3)

    assert dict(book.counts) == {"sound server gone": 1}
    assert book.recoveries == 1


def test_words_tell_what_is_wrong_then_what_was_and_then_nothing() -> None:
    book = FaultBook()

    book.note("engine", "died", "the engine was ended; it is started again", 0.0)
    during = book.message(1.0)
    book.mend("engine", 2.5)

    assert during == "the engine was ended; it is started again"
    assert book.message(3.0) == "mended after 2.5 s: the engine was ended"
    assert book.message(60.0) == ""


def test_what_never_broke_needs_no_mending() -> None:
    book = FaultBook()

    book.mend("engine", 1.0)

    assert (book.recoveries, book.is_open, book.message(1.0)) == (0, False, "")
