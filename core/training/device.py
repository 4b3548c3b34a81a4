"""Where the arithmetic happens, and how precisely."""

import os
from contextlib import AbstractContextManager, nullcontext

import torch

from core.config import TrainingConfig
from core.errors import ConfigError
from core.torchrun import launched

CPU_BF16_FLAGS = ("avx512_bf16", "amx_bf16")


def choose_device(config: TrainingConfig) -> torch.device:
    """The device asked for; `auto` takes an accelerator when there is one."""
    if config.device == "auto":
        found = torch.accelerator.current_accelerator(check_available=True)
        return found if found is not None and found.type in ("cuda", "mps") else torch.device("cpu")
    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("There is no CUDA GPU that PyTorch can use on this machine", "device")
    if config.device == "mps" and not torch.backends.mps.is_available():
        raise ConfigError("There is no Apple GPU that PyTorch can use on this machine", "device")
    return torch.device(config.device)


def choose_precision(config: TrainingConfig, device: torch.device) -> torch.dtype:
    """float32, or bf16 where it was asked for or the hardware multiplies faster in it."""
    match config.precision:
        case "float32":
            return torch.float32
        case "bf16":
            return torch.bfloat16
        case _:
            return torch.bfloat16 if _is_faster_in_bf16(device) else torch.float32


def autocast(device: torch.device, precision: torch.dtype) -> AbstractContextManager[object]:
    """The context a forward pass runs in."""
    if precision == torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=precision)


def use_training_threads(reserve_one: bool) -> int:
    """Set how many cores this thread's arithmetic uses: all but one when a window needs it. Returns the number.

    `OMP_NUM_THREADS` sets a limit, so that several runs can share the machine. The processes that torchrun started on
    a machine share its cores; the limit of 1 that torchrun sets by itself is nobody's wish.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    here = launched()
    threads = max(1, cores - 1) if reserve_one else max(1, cores // here.local_processes)
    limit = os.environ.get("OMP_NUM_THREADS", "")
    if limit.isdecimal() and (limit != "1" or here.local_processes == 1):
        threads = max(1, min(threads, int(limit)))
    torch.set_num_threads(threads)
    return threads


def describe(device: torch.device, precision: torch.dtype) -> tuple[str, str]:
    """Device and precision in words for the status bar."""
    names = {"cpu": "CPU", "mps": "Apple GPU"}
    name = names.get(device.type) or torch.cuda.get_device_name(device)
    return name, "bf16" if precision == torch.bfloat16 else "float32"


def arithmetic(device: torch.device, precision: torch.dtype) -> str:
    """All that decides how sums are rounded, in words: a run is the same to the last bit only where this is."""
    name, how = describe(device, precision)
    threads = torch.get_num_threads()
    cores = f"{threads} thread{'s' if threads > 1 else ''} of the " if device.type == "cpu" else ""
    return f"{cores}{name} in {how}"


def _is_faster_in_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device)[0] >= 8
    if device.type != "cpu":
        return False
    has = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(has.get(flag, False) for flag in CPU_BF16_FLAGS)
