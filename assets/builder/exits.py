"""Exits from within a network, which need no labels: what they are fitted to is the network's own answers.

An exit goes on behind a block with the network's own further layers, without the blocks that can be left out, and ends in
the network's own classifier. That much needs no picture. Where there are pictures, the classifier is fitted so that the
exit gives what the whole network gives for them: linear regression onto its logits, drawn to the weights that are there
as strongly as serves pictures that it was not fitted on.
"""

from dataclasses import replace

import numpy as np
import onnxruntime

from .graphs import float_graph

# How strongly the classifier is drawn to the weights that are there, as a share of its inputs' mean square.
PENALTIES = [0.1, 1, 10, 100]


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def fitted(network, views, held_out):
    """`network` with its exits fitted on `views`, and in words how each one was.

    An exit is taken as it is unless fitting makes it agree with the network more often on the views `held_out`, of other
    pictures.
    """
    seen, tried = _answers(network, views), _answers(network, held_out)
    wanted = _logits(network, seen[0])
    exits, words = [], []
    for place, exit in enumerate(network.exits, 1):
        choices = [("as it is", exit)] + [
            (f"its classifier drawn {penalty:g}", _refit(exit, seen[place], wanted, penalty)) for penalty in PENALTIES]
        shares = [_agreement(choice, tried[place], tried[0], network) for _, choice in choices]
        best = int(np.argmax(shares))
        exits.append(choices[best][1])
        words.append(f"{choices[best][0]}, agreeing on {shares[best]:.1%} of held-out views ({shares[0]:.1%} as it is)")
    return replace(network, exits=tuple(exits)), words


def _answers(network, views):
    """The features that each answer's classifier is given, one row a view, the network's own first."""
    names = [answer.name + "features" for answer in network.answers]
    model = float_graph(network)
    for name in names:
        output = model.graph.output.add()
        output.name, output.type.tensor_type.elem_type = name, 1
    run = session(model)
    rows = [run.run(names, {"image": view}) for view in views]
    return [np.concatenate(column).astype(np.float64) for column in zip(*rows)]


def _logits(answer, features):
    return features @ answer.weight.T + answer.bias


def _agreement(exit, features, own_features, network):
    own = _logits(network, own_features).argmax(axis=1)
    return float((_logits(exit, features).argmax(axis=1) == own).mean())


def _refit(exit, features, wanted, penalty):
    """`exit` with a classifier that comes closer to the logits `wanted` (ridge regression of what is missing)."""
    inputs = np.c_[features, np.ones(len(features))]
    missing = wanted - _logits(exit, features)
    # What all classes have more of changes no probability.
    missing -= missing.mean(axis=1, keepdims=True)
    squares = inputs.T @ inputs
    drawn = penalty * np.trace(squares) / len(squares) * np.eye(len(squares))
    change = np.linalg.solve(squares + drawn, inputs.T @ missing)
    return replace(exit, weight=(exit.weight + change[:-1].T).astype(np.float32),
                   bias=(exit.bias + change[-1]).astype(np.float32))
