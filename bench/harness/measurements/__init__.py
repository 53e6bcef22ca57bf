"""What bench/run can measure, by name, in the order of the table. Each module has `measure(bench, progress)`, which
gives the table's rows and the raw figures behind them."""

from . import accuracy, choices, frame, inference, memory, overhead, processor, scheduler, start

MEASUREMENTS = {
    "inference": inference,
    "frame": frame,
    "scheduler": scheduler,
    "processor": processor,
    "memory": memory,
    "start": start,
    "overhead": overhead,
    "accuracy": accuracy,
    "choices": choices,
}
