"""The packed form beside transformers' own Qwen3, over the same random weights; and what its compiler must not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
import transformers

from funcseek.index.packed_qwen3 import PackedQwen3, is_packable, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPE: dict[str, Any] = {
    "vocab_size": 500, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 32, "rope_theta": 1_000_000.0,
}  # fmt: skip
TEXTS = [[5, 7, 9], [1], list(range(40)), [3] * 200]


def network(**changes: Any) -> Any:
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model("qwen3", **{**SHAPE, **changes})
    made = transformers.AutoModel.from_config(config).eval().requires_grad_(requires_grad=False)
    for name, weight in made.named_parameters():
        # A norm of ones would hide one that is forgotten or mistaken for another.
        if "norm" in name:
            weight.copy_(torch.rand_like(weight) + 0.5)
    return made


def rows(form: PackedQwen3, texts: Sequence[Sequence[int]]) -> torch.Tensor:
    with torch.inference_mode():
        return form(packed(texts, lambda values: values))


def test_states_are_those_of_transformers() -> None:
    theirs = network()
    with torch.inference_mode():
        alone = [theirs(input_ids=torch.tensor([text])).last_hidden_state[0, -1] for text in TEXTS]
    torch.testing.assert_close(rows(PackedQwen3(theirs), TEXTS), torch.stack(alone), rtol=1e-4, atol=1e-5)


def test_text_does_not_see_the_one_before_it() -> None:
    form = PackedQwen3(network())
    together = rows(form, TEXTS)
    for place, text in enumerate(TEXTS):
        torch.testing.assert_close(rows(form, [text])[0], together[place], rtol=1e-4, atol=1e-5)


def test_weights_are_not_held_twice() -> None:
    theirs = network()
    PackedQwen3(theirs)
    left = [name for name, _ in theirs.named_parameters() if "proj" in name]
    assert all("o_proj" in name or "down_proj" in name for name in left)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_steps_are_compiled_once_for_all_layers_and_any_number_of_tokens() -> None:
    graphs: list[torch.fx.GraphModule] = []

    def noted(graph: torch.fx.GraphModule, _inputs: object) -> Any:
        graphs.append(graph)
        return graph.forward

    torch._dynamo.reset()  # noqa: SLF001 (what another test had compiled would be used)
    form = PackedQwen3(network())
    wanted = rows(form, TEXTS)
    with torch.inference_mode():
        form.compile_steps(noted)
    before = len(graphs)
    assert torch.equal(rows(form, TEXTS), wanted)
    for texts in (TEXTS[:1], TEXTS[:2], [[4] * 300, [4] * 77]):
        rows(form, texts)
    assert len(graphs) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"attention_bias": True},
        {"hidden_act": "gelu"},
        {"use_sliding_window": True, "sliding_window": 16, "max_window_layers": 1},
        {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 1e6}},
    ],
)
def test_what_this_form_does_not_compute_is_left_to_transformers(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr("funcseek.index.packed_qwen3._has_kernel", lambda _: True)
    assert is_packable(network())
    assert not is_packable(network(**changes))


def test_processor_has_no_kernel_for_it() -> None:
    assert not is_packable(network())
