"""Tells a voicemail in which somebody speaks from one in which nobody does."""

import array
import io
import sys
import wave

# Speech is looked for in pieces so short that a pause does not hide it.
_PIECES_A_SECOND = 10
# Root mean square of 16-bit samples: a quiet line hisses at about 50, a whisper reaches 400.
_LOUDNESS_OF_SPEECH = 250
# Of a recording: shorter is a cough, or the click of a receiver put down.
SHORTEST_MESSAGE_SECONDS = 2
# A click or a cough is shorter than the shortest thing that anybody says.
_SHORTEST_SPEECH_SECONDS = 0.4


def somebody_speaks(audio: bytes) -> bool:
    """Whether a WAV file of a telephone holds speech, or anything else as loud and as long.

    True for whatever cannot be read: a message is never taken for silence by mistake.
    """
    try:
        with wave.open(io.BytesIO(audio)) as sound:
            if sound.getsampwidth() != 2:
                return True
            samples = array.array("h", sound.readframes(sound.getnframes()))
            piece = sound.getframerate() * sound.getnchannels() // _PIECES_A_SECOND
    except (wave.Error, EOFError, ValueError):
        return True
    if sys.byteorder == "big":
        samples.byteswap()
    loud = sum(_is_loud(samples[start : start + piece]) for start in range(0, len(samples), piece))
    return loud >= _SHORTEST_SPEECH_SECONDS * _PIECES_A_SECOND


def _is_loud(samples: "array.array[int]") -> bool:
    squares = sum(sample * sample for sample in samples)
    return squares > _LOUDNESS_OF_SPEECH**2 * len(samples)
