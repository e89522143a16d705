"""The whole map as a view gets it, whether a session or a page of its own shows it."""

from __future__ import annotations

from collections.abc import Mapping

from crmwidget.graph.elements import Elements
from crmwidget.shown import Card, Overlay
from crmwidget.sync import codec, messages

__all__ = ["document_of"]


def document_of(
    elements: Elements,
    *,
    cards: Mapping[str, Card],
    overlays: Mapping[str, Overlay],
    status: messages.Status,
    about: messages.About,
    epoch: str,
    seq: int,
) -> messages.Document:
    """The elements of a map, and what is shown on them, as values that travel."""
    return messages.Document(
        epoch=epoch,
        seq=seq,
        map={**codec.encode_attributes(elements.attributes), "id": elements.id},
        nodes={name: codec.encode_attributes(value) for name, value in elements.nodes.items()},
        flows={name: codec.encode_attributes(value) for name, value in elements.flows.items()},
        positions={
            lens: {node: dict(position) for node, position in positions.items()}
            for lens, positions in elements.positions.items()
        },
        comments={name: dict(value) for name, value in elements.comments.items()},
        votes={node: {voter: {} for voter in voters} for node, voters in elements.votes.items()},
        cards=dict(cards),
        overlays=dict(overlays),
        status=status,
        about=about,
    )
