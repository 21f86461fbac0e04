from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starscal.bounds import BODY_BYTES, HEADER_BYTES
from starscal.http_intake import Intake, Stage

GET = b"GET /livez?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED_HEAD = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = CHUNKED_HEAD + b"5;x=y\r\nhello\r\n0\r\n\r\n"
TRAILERS = CHUNKED_HEAD + b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
REQUESTS = {"get": GET, "post": POST, "chunked": CHUNKED, "trailers": TRAILERS}


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS)
@given(cuts=st.lists(st.integers(1, 100), max_size=6), rest=st.sampled_from([b"", b"GET", GET]))
def test_a_request_is_whole_however_it_is_cut(
    request_bytes: bytes, cuts: list[int], rest: bytes
) -> None:
    data = request_bytes + rest
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    intake = Intake()
    for start, end in pairwise(places):
        at_end = end >= len(request_bytes)
        assert (intake.feed(data[start:end]) is Stage.WHOLE) == at_end
    assert intake.request == request_bytes
    assert intake.rest == rest


def test_the_path_is_known_before_anything_is_parsed() -> None:
    intake = Intake()
    intake.feed(GET)
    assert intake.path == "/livez"


@pytest.mark.parametrize(
    ("data", "stage"),
    [
        (b"GET /" + b"a" * HEADER_BYTES, Stage.HEAD_TOO_LARGE),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * HEADER_BYTES + b"\r\n\r\n", Stage.HEAD_TOO_LARGE),
        (b"P / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1), Stage.BODY_TOO_LARGE),
        (CHUNKED_HEAD + b"%x\r\n" % (BODY_BYTES + 1), Stage.BODY_TOO_LARGE),
        (CHUNKED_HEAD + b"ffffffff\r\n" + b"a" * 10, Stage.BODY_TOO_LARGE),
        (CHUNKED_HEAD + b"1\r\na\r\n" * BODY_BYTES, Stage.BODY_TOO_LARGE),
        (CHUNKED_HEAD + b"nothing\r\n", Stage.WHOLE),
        (CHUNKED_HEAD + b"1" * 300, Stage.WHOLE),
        (CHUNKED_HEAD + b"0\r\n" + b"X: y\r\n" * 4000, Stage.WHOLE),
        (b"P / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", Stage.WHOLE),
        (b"\x16\x03\x01 no request\r\n\r\n", Stage.WHOLE),
        (b"\r\n\r\n", Stage.WHOLE),
    ],
)
def test_what_is_too_large_ends_and_what_is_broken_is_left_to_the_parser(
    data: bytes, stage: Stage
) -> None:
    assert Intake().feed(data) is stage


def test_a_client_that_waits_for_permission_is_noticed() -> None:
    intake = Intake()
    intake.feed(b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert intake.wants_permission
    assert intake.stage is Stage.BODY


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_break_it(pieces: list[bytes]) -> None:
    intake = Intake()
    for piece in pieces:
        intake.feed(piece)
