"""The delay from microphone to output: measured as a whole, told by parts. The one place that adds it up."""

from rtvc.shared import SharedStatus
from rtvc.status import Delay


def measured_delay(shared: SharedStatus) -> Delay:
    """Return the present delay by part; empty before anything has been played.

    The rings' average fills tell how long samples wait in them (a queue's content is its rate times the time in it),
    the devices' blocks count half, as a sample comes on average in the middle of one. What waits beyond the hop is
    the margin, as far as the output has found it unused, and blocks that do not meet the hops.
    """
    audio, engine = shared.audio, shared.played
    if not audio["slack_count"]:
        return Delay()
    before = audio["input_block"] / 2 + engine["input_fill"]
    waiting = before + engine["output_fill"] + audio["output_block"] / 2
    hop = min(engine["hop"], waiting)
    margin = min(max(audio["slack"], 0.0), waiting - hop)
    blocks = waiting - hop - margin
    input_block = min(max(before - hop / 2, 0.0), blocks)
    return Delay(
        input_block=input_block,
        input_resampler=engine["input_resampler"],
        hop=hop,
        look_ahead=engine["look_ahead"],
        output_resampler=engine["output_resampler"],
        output_block=blocks - input_block,
        device=audio["input_wait"] + audio["output_wait"],
        margin=margin,
        compute=engine["compute"],
    )
