"""Sound files: making a recording's, and telling how long somebody's lasts."""

from __future__ import annotations

import io
import wave

RATE = 8000  # telephone quality, 16 bits, one channel, as Twilio's recordings are
# One frame of silence: MPEG-2 layer III, 8 kbit/s, 16 kHz, mono; 36 bytes, 36 ms.
_SILENT_MP3 = bytes((0xFF, 0xF3, 0x18, 0xC0)) + bytes(32)
_MP3_FRAME_SECONDS = 0.036
# For sounds that are no WAV: 64 kbit/s, the usual rate of spoken MP3 (assumed).
_MP3_BYTES_PER_SECOND = 8000


def wav(seconds: int, *, silent: bool = False) -> bytes:
    """A WAV file of this length: a quiet hum where somebody spoke, or nothing at all."""
    loudness = 0 if silent else 400
    period = b"".join(
        (loudness * (1 if step < 20 else -1)).to_bytes(2, "little", signed=True)
        for step in range(40)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(period * (RATE * max(seconds, 0) // 40))
    return out.getvalue()


def mp3(seconds: int) -> bytes:
    """An MP3 file of this length, silent."""
    return _SILENT_MP3 * round(max(seconds, 0) / _MP3_FRAME_SECONDS)


def seconds_of(data: bytes) -> float:
    """How long a sound file lasts: exactly for WAV, by its size for anything else."""
    if data[:4] == b"RIFF":
        try:
            with wave.open(io.BytesIO(data)) as sound:
                return float(sound.getnframes() / sound.getframerate())
        except (wave.Error, EOFError, ZeroDivisionError):
            return 0.0
    return len(data) / _MP3_BYTES_PER_SECOND
