"""Tests of the set-up tool: python3 -m unittest discover assets/tests, in the environment the tool made."""

import collections
import dataclasses
import io
import json
import os
import pickle
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path
from unittest import mock

import numpy as np
import onnxruntime

ASSETS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ASSETS))

from builder import bundles, cut, demo, efficientnet, environment, exits, graphs, places, pth, sealed  # noqa: E402
from builder.calibration import Statistics  # noqa: E402
from builder.failure import BuildError  # noqa: E402

WHEELS = sorted((places.cache() / "wheels").glob("moonshine_voice-*.whl"))


def run_build(*arguments, **variables):
    return subprocess.run([sys.executable, str(ASSETS / "build.py"), *arguments], capture_output=True, text=True,
                          env={**os.environ, **variables})


def small_network():
    """One convolution with 5 channels on 8x8 pictures and 3 classes; channel 4 has no weights but a bias."""
    random = np.random.default_rng(3)
    weight = random.normal(size=(5, 3, 3, 3)).astype(np.float32)
    weight[4] = 0
    stem = efficientnet.Convolution("stem", "pixels", weight, np.float32([0.1, -0.2, 0.3, 0, 2]), 2, (0, 1), 1, True)
    return efficientnet.Network(8, [stem], random.normal(size=(3, 5)).astype(np.float32), np.zeros(3, np.float32))


def recognize(graph, image):
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["probabilities"], {"image": image})[0][0]


class Weights(unittest.TestCase):
    def stream(self, state):
        parts = [pickle.dumps(part, 2) for part in (pth.MAGIC, pth.VERSION, {})]
        return io.BytesIO(b"".join(parts) + state)

    def test_a_pickle_that_calls_something_else_is_refused(self):
        class Attack:
            def __reduce__(self):
                return os.system, ("touch /tmp/never",)

        with self.assertRaisesRegex(BuildError, "asks for posix.system"):
            pth.read_tensors(self.stream(pickle.dumps(Attack(), 2)))

    def test_a_file_that_is_cut_off_is_refused(self):
        with self.assertRaisesRegex(BuildError, "cannot be read"):
            pth.read_tensors(self.stream(pickle.dumps(collections.OrderedDict(), 2)))

    def test_a_tensor_beyond_its_storage_is_refused(self):
        with self.assertRaisesRegex(ValueError, "beyond its storage"):
            pth.Tensor("0", 1, (2, 2), (2, 1)).array({"0": np.zeros(4, np.float32)})

    def test_strides_and_offset_are_followed(self):
        tensor = pth.Tensor("0", 1, (2, 2), (1, 2)).array({"0": np.arange(5, dtype=np.float32)})
        self.assertEqual(tensor.tolist(), [[1, 3], [2, 4]])


class Graphs(unittest.TestCase):
    def setUp(self):
        self.network = small_network()
        self.image = np.random.default_rng(4).integers(0, 256, (1, 8, 8, 3), dtype=np.uint8)

    def test_the_float_graph_does_what_its_layers_say(self):
        stem = self.network.layers[0]
        pixels = np.pad((self.image[0].astype(np.float64) - 127) / 128, ((0, 1), (0, 1), (0, 0)))
        values = np.empty((5, 4, 4))
        for row, column in np.ndindex(4, 4):
            window = pixels[2 * row:2 * row + 3, 2 * column:2 * column + 3].transpose(2, 0, 1)
            values[:, row, column] = (stem.weight * window).sum(axis=(1, 2, 3)) + stem.bias
        logits = self.network.weight @ values.clip(0, 6).mean(axis=(1, 2)) + self.network.bias
        expected = np.exp(logits) / np.exp(logits).sum()
        np.testing.assert_allclose(recognize(graphs.float_graph(self.network), self.image), expected, atol=1e-6)

    def test_the_integer_graph_comes_close_to_the_float_graph(self):
        means = np.full(3, 0.0)
        statistics = {"pixels": Statistics(-1, 1, means), "stem": Statistics(0, 6, np.full(5, 1.0)),
                      "average": Statistics(0, 4, np.full(5, 1.0))}
        exact = recognize(graphs.float_graph(self.network), self.image)
        rounded = recognize(graphs.integer_graph(self.network, statistics), self.image)
        np.testing.assert_allclose(rounded, exact, atol=0.02)


class Exits(unittest.TestCase):
    """A network of a stem, a block, one that adds to it, another and a head; its exit is behind the first block."""

    def setUp(self):
        random = np.random.default_rng(5)

        def pointwise(name, source, inputs, outputs, clipped):
            weight = random.normal(size=(outputs, inputs, 1, 1)).astype(np.float32) / np.float32(np.sqrt(inputs))
            bias = random.normal(size=outputs).astype(np.float32)
            return efficientnet.Convolution(name, source, weight, bias, 1, (0, 0), 1, clipped)

        layers = [small_network().layers[0], pointwise("block0/project", "stem", 5, 6, False),
                  pointwise("block1/project", "block0/project", 6, 6, False),
                  efficientnet.Sum("block1/sum", "block1/project", "block0/project"),
                  pointwise("block2/project", "block1/sum", 6, 7, False),
                  pointwise("head", "block2/project", 7, 9, True)]
        network = efficientnet.Network(
            8, layers, random.normal(size=(50, 9)).astype(np.float32), np.zeros(50, np.float32))
        self.network = dataclasses.replace(network, exits=(network.exit_behind(0, "exit1"),))
        colors = random.integers(0, 200, (200, 1, 1, 1, 3))
        self.images = (colors + random.integers(0, 56, (200, 1, 8, 8, 3))).astype(np.uint8)

    def run_segments(self, model, tensor):
        """The probabilities of both segments for the first picture."""
        first, second = [
            onnxruntime.InferenceSession(part.SerializeToString(), providers=["CPUExecutionProvider"])
            for part in graphs.segments(model, [("exit1/", tensor)])]
        self.assertEqual([value.name for value in first.get_outputs()], ["probabilities", tensor])
        self.assertEqual([value.name for value in second.get_inputs()], [tensor])
        answer, passed = first.run(None, {"image": self.images[0]})
        return answer[0], second.run(None, {tensor: passed})[0][0]

    def test_an_exit_leaves_out_the_blocks_that_only_add(self):
        (found,) = self.network.exits
        self.assertEqual([layer.name for layer in found.layers], ["exit1/block2/project", "exit1/head"])
        self.assertEqual(found.layers[0].source, "block0/project")

    def test_one_after_the_other_segments_answer_as_the_whole_network(self):
        whole = recognize(graphs.float_graph(self.network.without_exits()), self.images[0])
        early, last = self.run_segments(graphs.float_graph(self.network), "block0/project")
        np.testing.assert_allclose(last, whole, atol=1e-6)
        self.assertGreater(np.abs(early - whole).max(), 1e-3)

    def test_segments_in_bytes_hand_bytes_on_and_answer_as_the_whole_network(self):
        sizes = {"pixels": 3, "stem": 5, "block0/project": 6, "block1/project": 6, "block1/sum": 6, "block2/project": 7,
                 "head": 9, "average": 9, "exit1/block2/project": 7, "exit1/head": 9, "exit1/average": 9}
        statistics = {name: Statistics(-6, 6, np.zeros(size)) for name, size in sizes.items()}
        model = graphs.integer_graph(self.network, statistics)
        whole = recognize(graphs.integer_graph(self.network.without_exits(), statistics), self.images[0])
        _, last = self.run_segments(model, "block0/project/bytes")
        np.testing.assert_allclose(last, whole, atol=1e-6)
        segment = graphs.segments(model, [("exit1/", "block0/project/bytes")])[0]
        self.assertEqual(graphs.description(segment),
                         {"name": "block0/project/bytes", "type": "uint8", "shape": [1, 6, 4, 4]})

    def test_without_the_exit_its_segment_only_hands_on(self):
        model = graphs.float_graph(self.network.without_exits())
        first, second = graphs.segments(model, [("exit1/", "block0/project")])
        self.assertEqual([output.name for output in first.graph.output], ["block0/project"])
        self.assertEqual([output.name for output in second.graph.output], ["probabilities"])

    def test_fitting_brings_an_exit_closer_to_the_network_on_pictures_it_was_not_fitted_to(self):
        fitted, (words,) = exits.fitted(self.network, self.images[:120], self.images[120:150])
        self.assertIn("classifier drawn", words)

        def distance(network):
            run = exits.session(graphs.float_graph(network))
            pairs = [run.run(["probabilities", "exit1/probabilities"], {"image": image}) for image in self.images[150:]]
            return float(np.mean([np.abs(own - early).sum() for own, early in pairs]))

        self.assertLess(distance(fitted), distance(self.network) / 2)

    def test_an_exit_that_fitting_does_not_serve_stays_as_it_is(self):
        # Fitted to one picture again and again, it knows nothing of others.
        alike = dataclasses.replace(self.network, exits=(dataclasses.replace(
            self.network.exits[0], name="exit1/", layers=[dataclasses.replace(
                layer, name="exit1/" + layer.name) for layer in self.network.layers]),))
        fitted, (words,) = exits.fitted(alike, self.images[:1], self.images[1:20])
        self.assertIn("as it is, agreeing on 100.0%", words)
        self.assertIs(fitted.exits[0], alike.exits[0])

    def test_a_name_that_leaves_the_folder_or_is_taken_is_refused(self):
        for name in ["../x", "a+b", ".hidden", "", "efficientnet-lite0-int8"]:
            with self.assertRaisesRegex(BuildError, "is no name for a new bundle"):
                cut.check_new_name(name)
        cut.check_new_name("efficientnet-lite0-exits")


class Seals(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "data").write_bytes(b"1234")
        self.seal = self.folder / "seal.json"
        sealed.write_seal(self.seal, {"recipe": 1}, ["data"])

    def test_what_was_sealed_is_intact(self):
        self.assertTrue(sealed.is_intact(self.seal, {"recipe": 1}, ["data"]))

    def test_a_changed_byte_is_found(self):
        (self.folder / "data").write_bytes(b"1235")
        self.assertFalse(sealed.is_intact(self.seal, {"recipe": 1}, ["data"]))

    def test_another_recipe_is_built_again(self):
        self.assertFalse(sealed.is_intact(self.seal, {"recipe": 2}, ["data"]))

    def test_a_broken_seal_is_built_again(self):
        self.seal.write_text("[1")
        self.assertFalse(sealed.is_intact(self.seal, {"recipe": 1}, ["data"]))

    def test_a_folder_that_fails_half_way_leaves_the_old_one(self):
        place = self.folder / "place"
        place.mkdir()
        (place / "old").touch()
        with self.assertRaises(OSError), sealed.replacing_folder(place) as new:
            (new / "half").touch()
            raise OSError("disk full")
        self.assertEqual([path.name for path in place.iterdir()], ["old"])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["data", "place", "seal.json"])


class Commands(unittest.TestCase):
    def test_an_unknown_bundle_is_named_with_the_known_ones(self):
        done = run_build("efficientnet-lite9-fp32")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^assets/build.py: efficientnet-lite9-fp32: no such bundle; known are .*-lite0-")

    def test_a_data_folder_that_cannot_be_made_is_one_clear_line(self):
        with tempfile.NamedTemporaryFile() as file:
            done = run_build("--only", "runtime", XDG_DATA_HOME=file.name)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, f"^assets/build.py: {file.name}/heed.*: Not a directory\n$")

    def test_the_list_builds_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run_build("--list", XDG_DATA_HOME=folder)
            self.assertEqual(os.listdir(folder), [])
        self.assertEqual(done.stdout.count("to build"), 13)


class Reasons(unittest.TestCase):
    def reason(self, said):
        return environment._reason(subprocess.CompletedProcess([], 1, "", said))

    def test_a_wrong_hash_is_told_from_a_lost_network_and_a_full_disk(self):
        self.assertIn("wrong hash", self.reason("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS"))
        self.assertIn("cannot be reached", self.reason("NewConnectionError: [Errno 101] Network is unreachable"))
        self.assertIn("disk is full", self.reason("ERROR: Could not install: [Errno 28] No space left on device"))


class Descriptions(unittest.TestCase):
    def test_there_are_six_bundles_with_measured_accuracy(self):
        accuracies = [bundle.description["accuracy"]["top1"] for bundle in bundles.all_bundles()]
        self.assertEqual(len(accuracies), 6)
        self.assertTrue(all(0.5 < accuracy < 1 for accuracy in accuracies))

    def test_the_manifest_is_what_a_change_of_recipe_is_seen_by(self):
        first = bundles.all_bundles()[0].description
        changed = {**json.loads(bundles.MANIFEST.read_text()), "recipe": 99}
        with mock.patch.object(bundles.json, "loads", return_value=changed):
            self.assertNotEqual(bundles.all_bundles()[0].description, first)

    def test_the_demo_labels_cover_the_recording_without_gaps(self):
        rows = [line.split("\t") for line in demo._labels().splitlines()[1:]]
        self.assertEqual([row[1] for row in rows[:-1]], [row[0] for row in rows[1:]])
        self.assertEqual(float(rows[-1][1]), demo.SECONDS)

    def test_another_text_or_label_is_a_change_of_the_demo_recording(self):
        first = demo.Demo().description
        with mock.patch.object(demo, "PASSAGES", [dataclasses.replace(demo.PASSAGES[0], words="Nothing.")]):
            self.assertNotEqual(demo.Demo().description["words"], first["words"])
        with mock.patch.object(demo, "SCENES", [dataclasses.replace(demo.SCENES[0], name="cup"), *demo.SCENES[1:]]):
            self.assertNotEqual(demo.Demo().description["labels"], first["labels"])


@unittest.skipUnless(WHEELS, "SKIPPED: there is no moonshine_voice wheel; run assets/build.py")
class DemoSound(unittest.TestCase):
    def test_the_sound_is_the_passages_sample_by_sample_and_then_silence(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "speech.wav"
            demo._copy(demo.SPEECH_PACKAGE, demo.SPEECH, path)
            with wave.open(str(path)) as file:
                rate = file.getframerate()
                samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(path), "-filter_complex", demo._sound(0),
                       "-map", "[sound]", "-f", "s16le", "-"]
            sound = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")
        passages = [samples[round(passage.start * rate):round(passage.end * rate)] for passage in demo.PASSAGES]
        said = np.concatenate(passages)
        self.assertEqual(len(sound), demo.SECONDS * rate)
        np.testing.assert_array_equal(sound[:len(said)], said)
        self.assertFalse(sound[len(said):].any())

    def test_the_recording_in_place_has_film_and_sound_that_start_and_end_together(self):
        built = demo.Demo()
        if not built.is_in_place():
            self.skipTest("SKIPPED: the demo recording is not in place; run assets/build.py")
        command = ["ffprobe", "-loglevel", "error", "-show_streams", "-of", "json", str(built.folder / demo.RECORDING)]
        streams = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
        self.assertEqual([stream["codec_name"] for stream in streams], ["mjpeg", "pcm_s16le"])
        for stream in streams:
            self.assertEqual(float(stream["start_time"]), 0)
            self.assertEqual(stream["tags"]["DURATION"], f"00:00:{demo.SECONDS}.000000000")
        self.assertEqual((built.folder / demo.WORDS).read_text(), demo._words())


if __name__ == "__main__":
    unittest.main()
