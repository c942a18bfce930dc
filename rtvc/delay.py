"""The delay from microphone to output: measured as a whole, told by parts. The one place that adds it up."""

from rtvc.shared import SharedStatus
from rtvc.status import Delay


def measured_delay(shared: SharedStatus) -> Delay:
    """Return the present delay by part; empty before anything has been played.

    The rings' average fills tell how long samples wait in them (a queue's content is its rate times the time in it),
    the devices' blocks count half, as a sample comes on average in the middle of one. What the rings hold beyond
    half a hop on either side is blocks that do not meet the hops, and the margin.
    """
    audio, engine = shared.audio, shared.engine
    if not audio["slack_count"]:
        return Delay()
    before = audio["input_block"] / 2 + engine["input_fill"]
    after = engine["output_fill"] + audio["output_block"] / 2
    input_block = max(before - engine["hop"] / 2, 0.0)
    margin = min(audio["slack"], after)
    output_block = max(after - engine["hop"] / 2 - margin, 0.0)
    return Delay(
        input_block=input_block,
        input_resampler=engine["input_resampler"],
        hop=max(before - input_block + after - output_block - margin, 0.0),
        look_ahead=engine["look_ahead"],
        output_resampler=engine["output_resampler"],
        output_block=output_block,
        device=audio["input_wait"] + audio["output_wait"],
        margin=margin,
        compute=engine["compute"],
    )
