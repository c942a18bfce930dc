"""How clean it sounds: the overall score of DNSMOS P.835 (Reddy et al. 2022), by the network in the package speechmos.

Only the package's weights are read; the package itself, and all that it needs, is not imported.
"""

from pathlib import Path

import numpy as np

from rtvc.resample import Samples

WEIGHTS = Path("dnsmos_models") / "sig_bak_ovr.onnx"
WINDOW = 144_160  # samples at 16 kHz: 9.01 s
OVERALL = 2  # of the outputs: signal, background, overall
CALIBRATION = (-0.06766283, 1.11546468, 0.04602535)  # of the overall score, from the network's on


class QualityJudge:
    """Opinions from 1 to 5: clean studio speech has 3.2 to 3.5."""

    def __init__(self, folder: Path) -> None:
        """Read the weights out of the package's folder; whatever the runtime raises goes through."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / WEIGHTS), options, providers=["CPUExecutionProvider"])
        self._name = self._session.get_inputs()[0].name

    def rate(self, samples: Samples) -> float:
        """Samples [n] at 16 kHz -> opinion; what is shorter than 9 s is repeated."""
        heard = np.clip(samples, -1.0, 1.0).astype(np.float32)
        if len(heard) < WINDOW:
            heard = np.tile(heard, -(-WINDOW // max(len(heard), 1)))[:WINDOW]
        starts = range(0, len(heard) - WINDOW + 1, WINDOW)
        raw = [self._session.run(None, {self._name: heard[None, at : at + WINDOW]})[0][0][OVERALL] for at in starts]
        return float(np.polyval(CALIBRATION, np.mean(raw)))
