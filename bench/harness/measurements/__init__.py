"""What bench/run can measure, by name, in the order of the table. Each module has `measure(bench, progress)`, which
gives the table's rows and the raw figures behind them. One that has LABELS and CONTENT wants a folder of labelled data
with a file of that name: `measure(bench, progress, folder)`; with FOLDER_IS_OPTIONAL it does without one."""

from . import (
    accuracy, capture, capture_threads, captions, choices, frame, inference, latency, memory, meters,
    overlap, page, policies, prediction, processor, processors, rested, scheduler, speech, speech_memory, speech_overhead,
    speech_silence, start, streams, switching)

MEASUREMENTS = {
    "inference": inference,
    "rested": rested,
    "frame": frame,
    "capture": capture,
    "capture-threads": capture_threads,
    "scheduler": scheduler,
    "meters": meters,
    "processor": processor,
    "memory": memory,
    "start": start,
    "latency": latency,
    "streams": streams,
    "switching": switching,
    "overlap": overlap,
    "page": page,
    "accuracy": accuracy,
    "processors": processors,
    "choices": choices,
    "speech": speech,
    "captions": captions,
    "speech-overhead": speech_overhead,
    "speech-silence": speech_silence,
    "speech-memory": speech_memory,
    "policies": policies,
    "prediction": prediction,
}
