"""Sealed values open where they were sealed, unchanged, and nowhere else.

Security requirements 3 (every bit), 4 (nonces), 5 (the header alone chooses the key), 14 (lengths).
"""

import os
import secrets

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, strategies as st

from registry.crypto import sealing
from registry.crypto.errors import SealBroken, UnknownKey
from registry.crypto.keyset import KeySet
from registry.crypto.sealing import DataKey, FileKeyWrapper, Place
from registry.vocab import limits

PLACE = Place("identity_record", "birth_name", "3f2a")
KEY = DataKey(bytes.fromhex("0c" * 4 + "7b1d" * 14))


@pytest.fixture
def wrapper() -> FileKeyWrapper:
    return FileKeyWrapper(KeySet({7: secrets.token_bytes(32), 9: secrets.token_bytes(32)}, 7))


class TestFormat:
    def test_a_blob_written_long_ago_still_opens(self):
        blob = bytes.fromhex(
            "010100000001000102030405060708090a0be7657576cf09dd78f0c0e7c515bc1d"
            "efcb99d55f3f7e8ca7b29216bb90601e8fb1849e32c1724ee8cee5591b2b001e4a"
        )
        assert KEY.unseal(blob, PLACE) == b"Durand"

    def test_it_is_aes_256_gcm_with_the_documented_header_and_associated_data(self):
        secret = secrets.token_bytes(32)
        blob = DataKey(secret).seal(b"Durand", PLACE)

        header, nonce = blob[:6], blob[6:18]
        associated = b"".join(
            len(part).to_bytes(4, "big") + part
            for part in (b"cohort-registry", b"identity_record", b"birth_name", b"3f2a", header)
        )
        opened = AESGCM(secret).decrypt(nonce, blob[18:], associated)

        assert header == b"\x01\x01\x00\x00\x00\x01"
        assert opened == b"Durand\x80" + bytes(25)

    def test_a_wrapped_key_has_66_bytes_and_names_the_key_that_wrapped_it(self, wrapper):
        blob = wrapper.wrap(DataKey.new(), PLACE)
        assert len(blob) == 66
        assert sealing.key_number(blob) == 7

    @pytest.mark.parametrize(
        ("length", "bucket"),
        [(0, 32), (1, 32), (31, 32), (32, 64), (63, 64), (64, 128), (127, 128), (128, 256)],
    )
    def test_a_blob_shows_only_the_bucket_of_its_length(self, length, bucket):
        assert len(KEY.seal(b"x" * length, PLACE)) == bucket + sealing.OVERHEAD_BYTES

    def test_names_of_any_length_up_to_the_limit_give_at_most_four_lengths(self):
        for letter in ("e", "é"):
            lengths = {
                len(KEY.seal(letter.encode() * count, PLACE))
                for count in range(limits.NAME_MAX + 1)
            }
            assert len(lengths) <= 4

    def test_a_million_seals_of_one_value_never_use_one_nonce_twice(self, monkeypatch):
        # The nonces are what is asked about; the cipher would only take the time.
        class Noting:
            def encrypt(self, nonce, _plaintext, _associated):
                return nonce

        blobs = {sealing._encrypt(Noting(), 1, b"Durand", PLACE)[6:18] for _ in range(1_000_000)}
        assert len(blobs) == 1_000_000

    def test_a_forked_process_uses_other_nonces(self):
        def nonces() -> set[bytes]:
            return {KEY.seal(b"Durand", PLACE)[6:18] for _ in range(200)}

        reading, writing = os.pipe()
        before = nonces()
        child = os.fork()
        if child == 0:
            os.write(writing, b"".join(nonces()))
            os._exit(0)
        os.waitpid(child, 0)
        told = os.read(reading, 12 * 200)
        theirs = {told[start : start + 12] for start in range(0, len(told), 12)}

        assert len(theirs) == 200
        assert not theirs & (nonces() | before)


class TestRoundTrip:
    @given(st.binary(max_size=300))
    def test_what_was_sealed_comes_back(self, plaintext):
        assert KEY.unseal(KEY.seal(plaintext, PLACE), PLACE) == plaintext

    @given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
    def test_it_opens_at_its_place_whatever_the_place_is_called(self, table, column, row):
        place = Place(table, column, row)
        assert KEY.unseal(KEY.seal(b"value", place), place) == b"value"

    def test_a_wrapped_key_opens_what_the_key_sealed(self, wrapper):
        key = DataKey.new()
        blob = key.seal(b"Durand", PLACE)
        again = wrapper.unwrap(wrapper.wrap(key, PLACE), PLACE)
        assert again.unseal(blob, PLACE) == b"Durand"

    def test_a_key_wrapped_before_a_change_of_keys_still_opens(self, wrapper):
        blob = wrapper.wrap(KEY, PLACE)
        later = FileKeyWrapper(KeySet(dict(wrapper.keys.keys), active=9))
        assert later.unwrap(blob, PLACE).unseal(KEY.seal(b"x", PLACE), PLACE) == b"x"
        assert sealing.key_number(later.wrap(KEY, PLACE)) == 9


class TestRefusals:
    def test_every_single_bit_flip_is_refused(self):
        blob = KEY.seal(b"Durand", PLACE)
        for bit in range(len(blob) * 8):
            flipped = bytearray(blob)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises(SealBroken):
                KEY.unseal(bytes(flipped), PLACE)

    def test_every_single_bit_flip_of_a_wrapped_key_is_refused(self, wrapper):
        blob = wrapper.wrap(KEY, PLACE)
        for bit in range(len(blob) * 8):
            flipped = bytearray(blob)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises((SealBroken, UnknownKey)):
                wrapper.unwrap(bytes(flipped), PLACE)

    @pytest.mark.parametrize(
        "elsewhere",
        [
            Place("identity_record", "birth_name", "3f2b"),
            Place("identity_record", "used_name", "3f2a"),
            Place("hospital_identifier", "birth_name", "3f2a"),
            Place("identity_recordb", "irth_name", "3f2a"),
        ],
    )
    def test_a_blob_moved_to_another_row_column_or_table_is_refused(self, elsewhere):
        with pytest.raises(SealBroken):
            KEY.unseal(KEY.seal(b"Durand", PLACE), elsewhere)

    @given(
        st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6)),
        st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6)),
    )
    def test_two_places_are_never_confused(self, here, there):
        if here != there:
            with pytest.raises(SealBroken):
                KEY.unseal(KEY.seal(b"Durand", Place(*here)), Place(*there))

    def test_another_persons_key_is_refused(self):
        with pytest.raises(SealBroken):
            DataKey.new().unseal(KEY.seal(b"Durand", PLACE), PLACE)

    def test_a_wrapped_key_given_to_another_person_is_refused(self, wrapper):
        blob = wrapper.wrap(KEY, Place("person", "wrapped_key", "one"))
        with pytest.raises(SealBroken):
            wrapper.unwrap(blob, Place("person", "wrapped_key", "other"))

    def test_a_key_number_that_is_not_held_is_named_and_nothing_is_tried(
        self, wrapper, monkeypatch
    ):
        blob = wrapper.wrap(KEY, PLACE)
        tried = []
        monkeypatch.setattr(sealing, "_decrypt", lambda *given: tried.append(given))

        with pytest.raises(UnknownKey) as refused:
            FileKeyWrapper(KeySet({9: wrapper.keys.get(9)}, active=9)).unwrap(blob, PLACE)

        assert refused.value.kid == 7
        assert tried == []

    def test_the_header_chooses_the_one_key_that_is_tried(self, wrapper, monkeypatch):
        tried = []
        honest = sealing._decrypt
        monkeypatch.setattr(
            sealing, "_decrypt", lambda *given: (tried.append(given), honest(*given))[1]
        )
        wrapper.unwrap(wrapper.wrap(KEY, PLACE), PLACE)
        assert len(tried) == 1

    def test_a_header_that_names_another_held_key_is_refused(self, wrapper):
        blob = bytearray(wrapper.wrap(KEY, PLACE))
        blob[2:6] = (9).to_bytes(4, "big")
        with pytest.raises(SealBroken):
            wrapper.unwrap(bytes(blob), PLACE)

    @pytest.mark.parametrize("blob", [b"", b"\x01", bytes(33), b"\x01\x01" + bytes(31)])
    def test_what_is_no_blob_is_refused(self, blob):
        with pytest.raises(SealBroken):
            KEY.unseal(blob, PLACE)

    def test_the_error_does_not_tell_what_was_inside(self):
        blob = bytearray(KEY.seal(b"Durand", PLACE))
        blob[-1] ^= 1
        with pytest.raises(SealBroken) as refused:
            KEY.unseal(bytes(blob), PLACE)
        assert refused.value.__cause__ is None
        assert "Durand" not in str(refused.value)
