"""A small honest server of vectors and of scores, in the forms that servers have, which can be told to misbehave.

``POST /plan`` says how it behaves from now on, ``GET /seen`` what it was asked since. ``faults`` befall the requests
for vectors or scores one after the other, then ``always`` all of them; without either it is honest. A document scores
what ``liked`` says of the first text in it that it holds. What is ``held`` is answered after the next plan.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.doubles import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request

HONEST: dict[str, Any] = {
    "faults": [],
    "always": None,
    "models": ["hashing"],
    "called": "hashing",
    "dimension": 64,
    "key": None,
    "base64": "right",
    "most_texts": None,
    "most_characters": None,
    "too_long": (400, {"error": {"message": "This model's maximum context length is 512 tokens."}}),
    "target": "",
    "retry_after": "7",
    "liked": {},
    "scores": "results",
}
# How numbers are put into base64, where the plan does not have it refused or ignored.
NUMBERS = {"right": "<f4", "doubles": "<f8", "big end first": ">f4"}
# Longer than any patience in the tests, shorter than theirs with us.
SLOW_SECONDS = 1.0

# What a document scores that holds nothing that is liked.
INDIFFERENT = 0.1

plan: dict[str, Any] = dict(HONEST)
seen: list[dict[str, Any]] = []
replanned: list[asyncio.Event] = []


def refusal(status: int, message: str, **headers: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status, headers=headers)


async def set_plan(request: Request) -> Response:
    plan.clear()
    plan.update(HONEST | await request.json())
    seen.clear()
    while replanned:
        replanned.pop().set()
    return Response()


async def tell_seen(_: Request) -> Response:
    return JSONResponse(seen)


async def models(_: Request) -> Response:
    if plan["models"] is None:
        return refusal(404, "no such page")
    if plan["models"] == "html":
        return HTMLResponse("<!doctype html>")
    return JSONResponse({"object": "list", "data": [{"id": name, "object": "model"} for name in plan["models"]]})


async def embeddings(request: Request) -> Response:
    asked = await request.json()
    texts = asked["input"]
    seen.append({**asked, "authorization": request.headers.get("authorization"), "path": request.url.path})
    if plan["key"] and request.headers.get("authorization") != f"Bearer {plan['key']}":
        return refusal(401, f"wrong key: {request.headers.get('authorization')}")
    if asked["encoding_format"] == "base64" and plan["base64"] == "refused":
        return refusal(400, "encoding_format must be float")
    if too_long(texts):
        status, body = plan["too_long"]
        return JSONResponse(body, status)
    fault = plan["faults"].pop(0) if plan["faults"] else plan["always"]
    if fault in TROUBLES:
        troubled: Response = await TROUBLES[fault]()
        return troubled
    answer = honest(asked)
    answer["data"] = LIES[fault](answer["data"]) if fault else answer["data"]
    return Response(json.dumps(answer), media_type="application/json")


async def rerank(request: Request) -> Response:
    asked = await request.json()
    seen.append({**asked, "authorization": request.headers.get("authorization"), "path": request.url.path})
    field = "texts" if plan["scores"] == "tei" else "documents"
    if field not in asked:
        return Response(f"Failed to deserialize the JSON body: missing field `{field}` at line 1", 422)
    if too_long(asked[field]):
        status, body = plan["too_long"]
        return JSONResponse(body, status)
    fault = plan["faults"].pop(0) if plan["faults"] else plan["always"]
    if fault in TROUBLES:
        troubled: Response = await TROUBLES[fault]()
        return troubled
    answer = scored(asked[field])
    if fault:
        answer["results"] = RERANK_LIES[fault](answer["results"])
    told = json.dumps(answer if plan["scores"] in ("results", "logits") else answer["results"])
    return Response(told, media_type="application/json")


def scored(documents: list[str]) -> dict[str, Any]:
    name = "score" if plan["scores"] in ("tei", "list") else "relevance_score"
    found = [next((s for text, s in plan["liked"].items() if text in one), INDIFFERENT) for one in documents]
    if plan["scores"] == "logits":
        found = [10 * score - 5 for score in found]
    best_first = sorted(range(len(found)), key=lambda place: -found[place])
    return {"model": "judge", "results": [{"index": place, name: found[place]} for place in best_first]}


def too_long(texts: list[str]) -> bool:
    if plan["most_texts"] is not None and len(texts) > plan["most_texts"]:
        return True
    return plan["most_characters"] is not None and max(map(len, texts)) > plan["most_characters"]


def honest(asked: dict[str, Any]) -> dict[str, Any]:
    dimension = plan["dimension"] or asked.get("dimensions", 64)
    rows = HashingEmbedder(dimension=dimension).embed_passages(asked["input"])
    in_bytes = asked["encoding_format"] == "base64" and plan["base64"] != "ignored"
    data = [
        {"object": "embedding", "index": place, "embedding": as_base64(row) if in_bytes else row.tolist()}
        for place, row in enumerate(rows)
    ]
    return {"object": "list", "data": data, "model": plan["called"], "usage": {"prompt_tokens": 0, "total_tokens": 0}}


def as_base64(row: NDArray[np.float32]) -> str:
    return b64encode(row.astype(NUMBERS[plan["base64"]]).tobytes()).decode()


async def slow() -> Response:
    await asyncio.sleep(SLOW_SECONDS)
    return refusal(500, "too late")


async def held() -> Response:
    event = asyncio.Event()
    replanned.append(event)
    await event.wait()
    return refusal(500, "let go")


async def trickle() -> Response:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b" "
            await asyncio.sleep(SLOW_SECONDS / 50)

    return StreamingResponse(drops(), media_type="application/json")


async def flood() -> Response:
    async def water() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * (1 << 20)

    return StreamingResponse(water(), media_type="application/json")


async def broken_off() -> Response:
    return Response('{"data": [', headers={"content-length": "1000"}, media_type="application/json")


def always(make: Callable[[], Response]) -> Callable[[], Any]:
    async def answer() -> Response:
        return make()

    return answer


TROUBLES: dict[str, Callable[[], Any]] = {
    "slow": slow,
    "held": held,
    "trickle": trickle,
    "flood": flood,
    "broken off": broken_off,
    "html": always(lambda: HTMLResponse("<!doctype html><title>Welcome</title>")),
    "html 502": always(lambda: HTMLResponse("<html><h1>Bad Gateway</h1></html>", 502)),
    "no json": always(lambda: Response('{"data": [', media_type="application/json")),
    "deep": always(lambda: Response("[" * 200_000, media_type="application/json")),
    "other json": always(lambda: JSONResponse(["no", "vectors"])),
    "redirect": always(lambda: RedirectResponse(plan["target"])),
    "400": always(lambda: refusal(400, "what\x1b[31m is\n this")),
    "403": always(lambda: refusal(403, "not for you")),
    "404": always(lambda: refusal(404, "The model does not exist")),
    "429": always(lambda: refusal(429, "rate limit", **{"retry-after": plan["retry_after"]})),
    "500": always(lambda: refusal(500, "loading the model")),
    "503": always(lambda: refusal(503, "draining")),
}

Items = list[dict[str, Any]]


def with_vectors(change: Callable[[Any], object]) -> Callable[[Items], Items]:
    return lambda items: [item | {"embedding": change(item["embedding"])} for item in items]


# Lies about vectors are told in numbers written out; the tests that use them have a server that ignores base64.
LIES: dict[str, Callable[[Items], Items]] = {
    "out of order": lambda items: items[::-1],
    "half a batch": lambda items: items[: len(items) // 2],
    "doubled": lambda items: [*items[:-1], items[0]],
    "one too many": lambda items: [*items, items[0]],
    "not numbered": lambda items: [{"embedding": item["embedding"]} for item in items],
    "numbered from one": lambda items: [item | {"index": item["index"] + 1} for item in items],
    "uneven": lambda items: [*items[:-1], items[-1] | {"embedding": items[-1]["embedding"][:-1]}],
    "too short": with_vectors(lambda vector: vector[:32]),
    "NaN": with_vectors(lambda vector: [float("nan"), *vector[1:]]),
    "null": with_vectors(lambda vector: [None, *vector[1:]]),
    "infinity": with_vectors(lambda vector: [float("inf"), *vector[1:]]),
    "zeros": with_vectors(lambda vector: [0.0] * len(vector)),
    "long vectors": with_vectors(lambda vector: [7 * number for number in vector]),
    "words": with_vectors(lambda vector: ["a"] * len(vector)),
    "nested": with_vectors(lambda vector: [vector]),
    "bad base64": with_vectors(lambda _: "AAA"),
    "no vector": with_vectors(lambda _: None),
    "other model": with_vectors(lambda vector: vector[::-1]),
}


RERANK_LIES: dict[str, Callable[[Items], Items]] = {
    "half of them": lambda items: items[: len(items) // 2],
    "doubled": lambda items: [*items[:-1], items[0]],
    "numbered from one": lambda items: [item | {"index": item["index"] + 1} for item in items],
    "not numbered": lambda items: [{"relevance_score": 0.5} for _ in items],
    "words": lambda items: [item | {"relevance_score": "high"} for item in items],
    "true": lambda items: [item | {"relevance_score": True} for item in items],
    "null": lambda items: [item | {"relevance_score": None} for item in items],
    "NaN": lambda items: [item | {"relevance_score": float("nan")} for item in items],
    "infinity": lambda items: [item | {"relevance_score": float("inf")} for item in items],
    "no score": lambda items: [{"index": item["index"]} for item in items],
    "no list": lambda items: cast("Items", {"first": items[0]}),
}


def main() -> None:
    """Serve on loopback, on the given port or a free one, and print it."""
    routes = [
        Route("/plan", set_plan, methods=["POST"]),
        Route("/seen", tell_seen),
        Route("/v1/models", models),
        Route("/v1/embeddings", embeddings, methods=["POST"]),
        Route("/v1/rerank", rerank, methods=["POST"]),
        Route("/rerank", rerank, methods=["POST"]),
    ]
    # uvicorn's own socket does not say that it is TCP's, so that asyncio leaves its delay on: 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", int(sys.argv[1])))
    listening.listen()
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="critical")).run([listening])


if __name__ == "__main__":
    main()
