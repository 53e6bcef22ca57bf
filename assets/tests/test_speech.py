"""Tests of the bundles for speech: python3 -m unittest discover assets/tests, in the environment the tool made."""

import struct
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime

ASSETS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ASSETS))

from builder import ct2, logmel, moonshine, places, speech, vocabulary, whisper  # noqa: E402
from builder.failure import BuildError  # noqa: E402
from builder.writer import Writer  # noqa: E402

WHEELS = sorted((places.cache() / "wheels").glob("moonshine_voice-*.whl"))
WIDTH, HEADS, LAYERS, VOCABULARY, POSITIONS, LENGTH = 128, 2, 2, 300, 24, 16


def small_tensors():
    """Random weights of a Whisper far smaller than any real one."""
    random = np.random.default_rng(1)

    def normal(*shape):
        return (random.normal(size=shape) * 0.1).astype(np.float16)

    tensors = {
        "encoder/conv1/weight": normal(WIDTH, 80, 3), "encoder/conv1/bias": normal(WIDTH),
        "encoder/conv2/weight": normal(WIDTH, WIDTH, 3), "encoder/conv2/bias": normal(WIDTH),
        "encoder/num_heads": np.int16(HEADS), "encoder/position_encodings/encodings": normal(LENGTH, WIDTH),
        "decoder/position_encodings/encodings": normal(POSITIONS, WIDTH),
        "decoder/embeddings/weight": normal(VOCABULARY, WIDTH),
    }
    for part, attentions in (("encoder", ["self_attention"]), ("decoder", ["self_attention", "attention"])):
        norms = [f"{part}/layer_norm"]
        for layer in range(LAYERS):
            name = f"{part}/layer_{layer}/"
            products = {"ffn": [4, 1], "self_attention": [3, 1], "attention": [1, 2, 1]}
            for block in (*attentions, "ffn"):
                norms.append(f"{name}{block}/layer_norm")
                for number, factor in enumerate(products[block]):
                    inputs = 4 * WIDTH if (block, number) == ("ffn", 1) else WIDTH
                    tensors[f"{name}{block}/linear_{number}/weight"] = normal(factor * WIDTH, inputs)
                    tensors[f"{name}{block}/linear_{number}/bias"] = normal(factor * WIDTH)
        for norm in norms:
            tensors[norm + "/gamma"], tensors[norm + "/beta"] = 1 + normal(WIDTH), normal(WIDTH)
    return tensors


def session(graph):
    with tempfile.TemporaryDirectory() as folder:
        graph.save(Path(folder) / "graph.onnx")
        return onnxruntime.InferenceSession(str(Path(folder) / "graph.onnx"), providers=["CPUExecutionProvider"])


def run(model, inputs):
    return dict(zip([output.name for output in model.get_outputs()], model.run(None, inputs)))


class LogMel(unittest.TestCase):
    """Whisper's spectrogram against another way to the same: Fourier transforms in 64 bits."""

    @classmethod
    def setUpClass(cls):
        graph = whisper._Graph("mel", whisper.Whisper(small_tensors()), "fp32")
        graph.log_mel(graph.input("samples", 1, [1, "samples"]), graph.input("frames", 7, [1]))
        graph.output("mel", 1, [1, 80, "frames"])
        cls.model = session(graph)

    def reference(self, samples, frames):
        sound = np.zeros(frames * 160)
        sound[:len(samples)] = samples
        sound = np.pad(sound, 200, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(sound, 400)[::160][:frames]
        powers = np.abs(np.fft.rfft(windows * np.hanning(401)[:-1])) ** 2
        levels = np.log10(np.maximum(powers @ logmel.mel_filters(80).astype(np.float64), 1e-10)).T
        return (np.maximum(levels, levels.max() - 8) + 4) / 4

    def check(self, samples, frames=3000):
        filled = np.zeros((1, min(-(-len(samples) // 160) * 160 + 480, frames * 160)), np.float32)
        filled[0, :len(samples)] = samples
        mel = self.model.run(["mel"], {"samples": filled, "frames": np.array([frames])})[0][0]
        self.assertEqual(mel.shape, (80, frames))
        self.assertLess(np.abs(mel - self.reference(samples, frames)).max(), 1e-3)

    def test_noise_of_five_seconds_is_as_by_fourier_transform(self):
        self.check(np.random.default_rng(0).normal(size=80_123).astype(np.float32) * 0.1)

    def test_a_whole_window_of_noise_is_as_by_fourier_transform(self):
        self.check(np.random.default_rng(0).normal(size=480_000).astype(np.float32) * 0.1)

    def test_silence_is_as_by_fourier_transform(self):
        self.check(np.zeros(1600, np.float32))

    def test_a_short_window_is_as_by_fourier_transform(self):
        self.check(np.random.default_rng(0).normal(size=16_000).astype(np.float32) * 0.1, frames=400)

    def test_each_band_peaks_higher_than_the_one_before(self):
        peaks = logmel.mel_filters(80).argmax(axis=0)
        self.assertTrue((np.diff(peaks) >= 0).all())
        self.assertGreater(peaks[-1], 180)


class Graphs(unittest.TestCase):
    def setUp(self):
        self.model = whisper.Whisper(small_tensors())

    def encode(self, way, frames=2 * LENGTH):
        samples = np.random.default_rng(2).normal(size=(1, 2400)).astype(np.float32)
        return run(session(self.model.encoder(way)), {"samples": samples, "frames": np.array([frames])})

    def decode(self, decoder, cross, tokens, rows, past=None):
        past = past or {
            f"past_{part}_{layer}": np.zeros((1, HEADS, 0, WIDTH // HEADS), np.float32)
            for layer in range(LAYERS) for part in ("key", "value")}
        inputs = {"tokens": np.array([tokens]), "rows": np.array(rows), **past, **cross}
        result = run(decoder, inputs)
        return result.pop("logits"), {name.replace("present", "past"): value for name, value in result.items()}

    def test_token_by_token_gives_the_logits_of_all_at_once(self):
        for way in ("fp32", "blocks8"):
            cross, decoder = self.encode("fp32"), session(self.model.decoder(way))
            tokens = [5, 299, 17, 3, 100]
            whole, _ = self.decode(decoder, cross, tokens, range(len(tokens)))
            past = None
            for place, token in enumerate(tokens):
                logits, past = self.decode(decoder, cross, [token], [0], past)
                np.testing.assert_allclose(logits[0], whole[place], rtol=1e-3, atol=2e-3)

    def test_no_token_sees_those_after_it(self):
        cross, decoder = self.encode("fp32"), session(self.model.decoder("fp32"))
        one, _ = self.decode(decoder, cross, [5, 6, 7], [0])
        other, _ = self.decode(decoder, cross, [5, 99, 200], [0])
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)

    def test_eight_bits_give_nearly_the_same(self):
        exact, rough = self.encode("fp32"), self.encode("int8")
        for name, value in exact.items():
            self.assertLess(np.abs(rough[name] - value).max(), 0.1 * np.abs(value).max(), name)
        logits = [self.decode(session(self.model.decoder(way)), exact, [5, 6], [1])[0] for way in ("fp32", "blocks8")]
        self.assertLess(np.abs(logits[0] - logits[1]).max(), 0.05 * np.abs(logits[0]).max())

    def test_a_shorter_window_gives_less_to_attend_to(self):
        self.assertEqual(self.encode("fp32", frames=20)["cross_key_0"].shape, (1, HEADS, WIDTH // HEADS, 10))

    def test_weights_and_the_table_of_tokens_are_stored_once_and_in_sixteen_bits(self):
        for way in ("fp32", "blocks8"):
            graph = self.model.decoder(way)
            tables = [value for value in graph.constants.values() if value.size == VOCABULARY * WIDTH]
            kinds = sorted(str(value.dtype) for value in tables)
            self.assertEqual(kinds, ["float16"] if way == "fp32" else ["float16", "uint8"])

    def test_the_graphs_in_floats_are_of_plain_operators(self):
        for graph in (self.model.encoder("fp32"), self.model.decoder("fp32"), self.model.encoder("int8")):
            self.assertEqual({node.domain for node in graph.nodes}, {""})


class Writing(unittest.TestCase):
    def test_a_weight_that_needs_more_than_sixteen_bits_keeps_them(self):
        graph, exact = Writer("weights"), np.full(5000, 1 + 2 ** -20, np.float32)
        graph.output(graph.weight("exact", exact), 1, [5000])
        graph.output(graph.weight("short", np.full(5000, 0.5, np.float32)), 1, [5000])
        self.assertEqual(graph.constants["exact"].dtype, np.float32)
        self.assertEqual(graph.constants["short/half"].dtype, np.float16)

    def test_a_product_in_eight_bits_is_near_the_exact_one(self):
        random = np.random.default_rng(5)
        matrix, source = (random.normal(size=shape).astype(np.float32) for shape in ((128, 40), (3, 128)))
        for way in ("int8", "blocks8"):
            graph = Writer("product")
            graph.linear(graph.input("x", 1, [3, 128]), "y", matrix, np.ones(40, np.float32), way, "y")
            graph.output("y", 1, [3, 40])
            error = session(graph).run(["y"], {"x": source})[0] - (source @ matrix + 1)
            self.assertLess(np.sqrt((error ** 2).mean()), 0.2, way)


class Weights(unittest.TestCase):
    def file(self, version=6, kind=4, values=np.float16([[1, 2], [3, 4]])):
        def text(value):
            return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

        return (struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<II", 3, 1) + text("a")
                + struct.pack("<BIIBI", 2, 2, 2, kind, values.nbytes) + values.tobytes()
                + struct.pack("<I", 1) + text("b") + text("a"))

    def test_tensors_and_aliases_are_read(self):
        tensors = ct2.read_tensors(self.file(), "model.bin")
        self.assertEqual(tensors["a"].tolist(), [[1, 2], [3, 4]])
        self.assertIs(tensors["b"], tensors["a"])

    def test_a_file_that_is_cut_off_is_refused(self):
        for length in (2, 20, len(self.file()) - 9):
            with self.assertRaisesRegex(BuildError, "model.bin: is cut off"):
                ct2.read_tensors(self.file()[:length], "model.bin")

    def test_a_format_or_type_that_is_unknown_is_refused(self):
        with self.assertRaisesRegex(BuildError, "version 7"):
            ct2.read_tensors(self.file(version=7), "model.bin")
        with self.assertRaisesRegex(BuildError, "quantization float16"):
            ct2.read_tensors(self.file(kind=5), "model.bin")


class Vocabularies(unittest.TestCase):
    def test_a_byte_level_token_becomes_its_bytes(self):
        tokenizer = ('{"added_tokens": [{"id": 3, "content": "<|endoftext|>"}],'
                     ' "model": {"vocab": {"Ġthe": 0, "Ã©": 1, "Ċ": 2, "<|endoftext|>": 3}}}')
        tokens, marks = vocabulary.whisper(tokenizer, 4)
        self.assertEqual(tokens, [b" the", "é".encode(), b"\n", b""])
        self.assertEqual(marks, {"<|endoftext|>": 3})

    def test_moonshines_blanks_are_blanks_and_its_marks_are_hidden(self):
        content = vocabulary.encoded([b"<unk>", b"<s>", b"</s>", b"\xe9", "▁the".encode(), b"<<ST_0>>"])
        self.assertEqual(vocabulary.moonshine(content), [b"", b"", b"", b"\xe9", b" the", b""])

    def test_a_token_too_long_for_its_length_byte_is_refused(self):
        with self.assertRaisesRegex(BuildError, "token 1 has 256 bytes"):
            vocabulary.encoded([b"", b"x" * 256])


@unittest.skipUnless(WHEELS, "SKIPPED: there is no moonshine_voice wheel; run assets/build.py")
class MoonshineGraphs(unittest.TestCase):
    """The graphs that the tool writes against the makers' own."""

    @classmethod
    def setUpClass(cls):
        wheel, folder = zipfile.ZipFile(WHEELS[0]), "moonshine_voice/assets/tiny-en/"
        files = [wheel.read(folder + name) for name in (speech.MOONSHINE_ENCODER, speech.MOONSHINE_DECODER)]
        model = moonshine.Moonshine(*files)
        cls.network = model.network()
        cls.graphs = model.encoder(), model.decoder()
        cls.makers = [onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]) for file in files]

    def makers_logits(self, sound, tokens):
        encoder, decoder = self.makers
        mask = np.ones(sound.shape, np.int64)
        features, = encoder.run(None, {"input_values": sound, "attention_mask": mask})
        past = {tensor.name: np.zeros((1, 8, 0, 36), np.float32)
                for tensor in decoder.get_inputs() if tensor.name.startswith("past_")}
        for place, token in enumerate(tokens):
            result = run(decoder, {
                "input_ids": np.array([[token]]), "encoder_hidden_states": features, "encoder_attention_mask": mask,
                "use_cache_branch": np.array([place > 0]), **past})
            yield result["logits"][0, 0]
            for name, value in result.items():
                if name.endswith((".decoder.key", ".decoder.value")) or ("present" in name and place == 0):
                    past[name.replace("present", "past_key_values")] = value

    def test_they_give_the_makers_logits_token_by_token(self):
        encoder, decoder = map(session, self.graphs)
        time = np.arange(20_000, dtype=np.float32) / 16_000
        sound = (0.2 * np.sin(2 * np.pi * (200 + 300 * time) * time))[None].astype(np.float32)
        cross = run(encoder, {"samples": sound})
        past = {f"past_{part}_{layer}": np.zeros((1, 8, 0, 36), np.float32)
                for layer in range(6) for part in ("key", "value")}
        tokens = [1, 450, 3000, 20_000, 29]
        for token, expected in zip(tokens, self.makers_logits(sound, tokens)):
            result = run(decoder, {"tokens": np.array([[token]]), **past, **cross})
            logits = result.pop("logits")[0, 0]
            past = {name.replace("present", "past"): value for name, value in result.items()}
            # Where a rounding falls the other way, 8 bits make it a step of the activations' scale.
            self.assertLess(np.sqrt(((logits - expected) ** 2).mean()), 0.05 * expected.std())

    def test_the_network_is_described(self):
        self.assertEqual(
            [self.network[key] for key in ("layers", "heads", "headSize", "vocabulary")], [6, 8, 36, 32_768])


class Bundles(unittest.TestCase):
    def test_own_weights_that_are_none_are_refused(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(BuildError, "holds neither"):
            speech.own_bundles(Path(folder), "mine")

    def test_a_name_that_leaves_the_folder_is_refused(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(BuildError, "names of bundles"):
            speech.own_bundles(Path(folder), "../mine")

    def test_own_weights_make_a_bundle_of_each_precision(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "model.bin").write_bytes(b"weights")
            names = [bundle.name for bundle in speech.own_bundles(Path(folder), "mine")]
        self.assertEqual(names, ["mine-fp32", "mine-mixed", "mine-int8"])

    def test_own_weights_state_the_word_errors_they_are_given(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "model.bin").write_bytes(b"weights")
            given = speech.own_bundles(Path(folder), "mine", speech.word_errors("10/175"))
            unknown = speech.own_bundles(Path(folder), "mine")
        for bundle in given:
            self.assertEqual(bundle.description["accuracy"]["wordErrorRate"], 0.0571)
            self.assertEqual(bundle.description["accuracy"]["words"], 175)
        self.assertFalse(any("accuracy" in bundle.description for bundle in unknown))

    def test_word_errors_that_are_none_are_refused(self):
        for text in ["3", "3/0", "-1/5", "1/2/3", "a/b", ""]:
            with self.assertRaisesRegex(ValueError, "such as 10/175"):
                speech.word_errors(text)

    def test_languages_are_those_between_the_start_and_the_tasks(self):
        marks = {"<|startoftranscript|>": 10, "<|en|>": 11, "<|de|>": 12, "<|translate|>": 13, "<|endoftext|>": 9}
        self.assertEqual(speech._languages(marks), {"en": 11, "de": 12})


if __name__ == "__main__":
    unittest.main()
