"""What is sealed opens with its key, in its column, and in no other way."""

import pytest

from helpline.sealing.seals import DataKeys, FindingKey, Unsealable, is_sealed

OLD, NEW = b"o" * 32, b"n" * 32
NUMBER = "+447700900123"


def test_words_are_sealed_anew_each_time_and_open_with_every_key_there_is() -> None:
    old, both = DataKeys([OLD]), DataKeys([NEW, OLD])
    sealed = old.seal("I need bread, Łódź", "notes.words")

    assert sealed != old.seal("I need bread, Łódź", "notes.words")
    assert both.open(sealed, "notes.words") == "I need bread, Łódź"
    assert both.open(both.seal("bread", "notes.words"), "notes.words") == "bread"
    assert both.open_bytes(old.seal_bytes(b"RIFF", "recordings.audio"), "recordings.audio") == (
        b"RIFF"
    )


def test_what_was_moved_changed_or_sealed_by_another_key_does_not_open() -> None:
    keys = DataKeys([OLD])
    sealed = keys.seal("Edna", "volunteers.name")

    for told in (
        lambda: keys.open(sealed, "callers.called"),
        lambda: keys.open(sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"), "volunteers.name"),
        lambda: DataKeys([NEW]).open(sealed, "volunteers.name"),
        lambda: DataKeys([NEW]).open_bytes(keys.seal_bytes(b"x", "a.b"), "a.b"),
        lambda: FindingKey(NEW).open(FindingKey(OLD).seal(NUMBER)),
    ):
        with pytest.raises(Unsealable) as error:
            told()
        assert "Edna" not in str(error.value)


@pytest.mark.parametrize("said", ["", "Edna", "~nice~ thank you", "~~~~~~", "~abcd~"])
def test_what_was_written_before_is_read_as_it_is(said: str) -> None:
    assert DataKeys([OLD]).open(said, "texts.body") == said
    assert not is_sealed(said)


def test_a_number_is_found_again_and_its_hash_says_nothing_of_it() -> None:
    finding = FindingKey(OLD)
    sealed = finding.seal(NUMBER)

    assert sealed == finding.seal(NUMBER) != FindingKey(NEW).seal(NUMBER)
    assert sealed != finding.seal(NUMBER[:-1] + "4")
    assert finding.open(sealed) == NUMBER
    assert sealed.startswith(finding.hashed(NUMBER))
    with pytest.raises(Unsealable):
        finding.open(finding.hashed(NUMBER) + "A" * 18)


@pytest.mark.parametrize("said", ["", "ab", "00" * 31, "zz" * 32, ("00" * 32) + ","])
def test_half_a_key_is_none(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        DataKeys.from_words(said)
