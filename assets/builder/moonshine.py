"""What a Moonshine's graphs do not say but decoding needs to know.

Source: N. Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024: figure 2 for the
convolutions, which all sizes share, and section 3 for the most tokens a second.
"""

import onnxruntime

CONVOLUTIONS = [{"size": 127, "stride": 64}, {"size": 7, "stride": 3}, {"size": 3, "stride": 2}]
TOKENS = {"start": 1, "end": 2}
TOKENS_PER_SECOND = 6.5


def network(decoder):
    """Sizes of the network, read from its decoder's inputs, and what they do not tell."""
    session = onnxruntime.InferenceSession(str(decoder), providers=["CPUExecutionProvider"])
    shapes = {tensor.name: tensor.shape for tensor in (*session.get_inputs(), *session.get_outputs())}
    caches = [shape for name, shape in shapes.items() if name.startswith("past_") and name.endswith(".decoder.key")]
    return {
        "layers": len(caches), "heads": caches[0][1], "headSize": caches[0][3],
        "width": shapes["encoder_hidden_states"][2], "vocabulary": shapes["logits"][2],
        "convolutions": CONVOLUTIONS, "tokens": TOKENS, "tokensPerSecond": TOKENS_PER_SECOND,
    }
