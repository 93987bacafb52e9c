"""Public data sets as Aisle JSONL: what a shop's own export script would do. Used by evaluations and tests only, never by the product."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def retail_demo_store(folder: Path) -> list[dict[str, Any]]:
    """The 2,465 English products of the Retail Demo Store as feed rows."""
    import yaml

    rows = yaml.load((folder / "products.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    gender = {"M": "Men", "F": "Women"}
    return [
        {
            "id": row["id"],
            "title": row["name"],
            "description": row["description"],
            "category": row["category"],
            "price": str(row["price"]),
            "currency": "USD",
            "quantity": row["current_stock"],
            "attributes": {
                "Style": row["style"],
                **({"Gender": gender[row["gender_affinity"]]} if row.get("gender_affinity") in gender else {}),
            },
            "locale": "en",
        }
        for row in rows
    ]


def litemall_zh(folder: Path) -> list[dict[str, Any]]:
    """The 239 Chinese household products of litemall as feed rows, with their comments as reviews."""
    reviews: dict[str, list[dict[str, Any]]] = {}
    for line in (folder / "comments.jsonl").read_text().splitlines():
        comment = json.loads(line)
        if comment["content"].strip():
            reviews.setdefault(str(comment["product_id"]), []).append(
                {"rating": comment["star"], "text": comment["content"].strip()}
            )
    rows = [json.loads(line) for line in (folder / "products.jsonl").read_text().splitlines()]
    return [
        {
            "id": str(row["id"]),
            "title": row["name"],
            "description": " ".join(part for part in (row["brief"], row.get("detail_text") or "") if part),
            "category": row["category"],
            "brand": row["brand"] or "",
            "price": str(row["retail_price"]),
            "currency": row["currency"],
            "attributes": row["attributes"],
            "reviews": reviews.get(str(row["id"]), []),
            "locale": "zh",
        }
        for row in rows
    ]


def vespa_toys_music_24k(folder: Path) -> list[dict[str, Any]]:
    """24,576 toys, instruments and e-books as feed rows; the data set gives prices in cents."""
    import pyarrow as pa

    rows = []
    with pa.CompressedInputStream(pa.OSFile(str(folder / "data_0_1_0.json.zst")), "zstd") as packed:
        text = packed.read().decode("utf-8")
    for line in text.splitlines():
        if not line.strip():
            continue
        fields = json.loads(line)["fields"]
        rows.append(
            {
                "id": str(fields["id"]),
                "title": fields["title"],
                "description": fields["description"],
                "category": fields["category"].replace("_", " "),
                "price": f"{fields['price'] / 100:.2f}",
                "currency": "USD",
                "quantity": fields["quantity"],
                "rating": fields["average_rating"],
                "locale": "en",
            }
        )
    return rows


def abcd_guidelines(folder: Path) -> dict[str, str]:
    """The guidelines for agents of ABCD as policy files: for each flow a file name and its Markdown, a section a subflow."""
    flows = json.loads((folder / "guidelines.json").read_text(encoding="utf-8"))
    files = {}
    for flow, part in flows.items():
        lines = [f"# {flow}", part["description"]]
        for subflow, guide in part["subflows"].items():
            steps = [step for action in guide["actions"] for step in (action["text"], *action["subtext"])]
            lines += [
                f"## {subflow}",
                *(" ".join(one.split()) for one in (*guide["instructions"], *steps) if one.strip()),
            ]
        files[f"{flow.lower().replace(' ', '-')}.en.md"] = "\n\n".join(lines) + "\n"
    return files


CONVERTERS = {
    "retail_demo_store": retail_demo_store,
    "litemall_zh": litemall_zh,
    "vespa_toys_music_24k": vespa_toys_music_24k,
}


def write_feed(name: str, data: Path, target: Path) -> Path:
    """Convert the data set `name` under `data` into a JSONL feed at `target`."""
    return write_rows(CONVERTERS[name](data / name), target)


def write_rows(rows: Iterable[dict[str, Any]], target: Path) -> Path:
    """Write feed rows as JSONL to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return target
