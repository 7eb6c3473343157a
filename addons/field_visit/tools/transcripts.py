"""What a service that writes down speech is asked, and what it answers. No I/O.

``whisper`` is the protocol of the audio transcriptions that whisper.cpp, faster-whisper servers,
vLLM and several clouds share: a form with the file, an answer with ``text``.
"""

KINDS = ("whisper",)
MOST_TEXT = 200_000


class TranscriptError(Exception):
    """The service did not answer with a text; the words are its own."""


def ask(kind, key, model, language):
    """``(headers, form)`` of the request; the file goes beside it as ``file``."""
    if kind not in KINDS:
        raise TranscriptError(kind)
    form = {"response_format": "json", "model": model or "whisper-1"}
    if language:
        form["language"] = language
    return ({"Authorization": f"Bearer {key}"} if key else {}), form


def read(kind, answer):
    """The text of an answer (decoded JSON).

    :raises TranscriptError: it is an error, or nothing that can be read
    """
    if kind not in KINDS or not isinstance(answer, dict):
        raise TranscriptError("unexpected answer")
    if answer.get("error"):
        error = answer["error"]
        words = error.get("message") if isinstance(error, dict) else error
        raise TranscriptError(str(words)[:300])
    text = answer.get("text")
    if not isinstance(text, str):
        raise TranscriptError("no text in the answer")
    return text.strip()[:MOST_TEXT]
