"""Which arithmetic a net is run in while it is trained."""

import functools

import torch


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context in which convolutions and products are of bfloat16 on ``device``, where that pays: else of float32.

    Everything that is kept stays float32 either way.
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu" or _has_bfloat16())


@functools.cache
def _has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself; one that does not takes ten times as long as with float32."""
    can = torch.cpu.get_capabilities()
    return bool(can.get("avx512_bf16") or can.get("amx_bf16"))
